import type { Database } from '../../storage/sql/database.ts';
import type { SpendEvent } from '../event.ts';
import { createLedger } from '../ledger/create-ledger.ts';
import { dayMs } from './days.ts';

/** A day of the tests: 2026-11-02. */
export const testDay = Math.floor(Date.UTC(2026, 10, 2) / dayMs);
/** A moment of it. */
export const testAt = (hours = 12, day = testDay): number => day * dayMs + hours * 3_600_000;

let made = 0;

/** A call that cost one cent, with what is to be otherwise. */
export const testEvent = (more: Partial<SpendEvent> = {}): SpendEvent => {
  const at = more.at ?? testAt();
  const id = more.id ?? `event-${++made}`;
  return {
    id,
    callId: `call-of-${id}`,
    at,
    endedAt: at + 1500,
    route: 'chat',
    status: 200,
    model: 'gpt-4o',
    upstreamModel: 'gpt-4o-2024-11-20',
    deploymentId: 'd1',
    provider: 'openai',
    stream: false,
    attempts: 1,
    usage: { inputTokens: 100, outputTokens: 20, cacheReadTokens: 10 },
    nanodollars: 10_000_000,
    costKnown: true,
    charges: [['gateway', 0]],
    ...more,
  };
};

/** Writes calls as the gateway does. */
export const writeTestEvents = async (database: Database, events: readonly SpendEvent[]): Promise<void> => {
  const ledger = createLedger({ database, now: () => Date.now(), threads: false });
  try {
    for (let at = 0; at < events.length; at += 2000) await ledger.write(events.slice(at, at + 2000));
  } finally {
    await ledger.close();
  }
};

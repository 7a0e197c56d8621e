import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { recordingsMissing } from '../kit/recordings.ts';
import type { Sluice } from '../kit/sluice.ts';
import { protocolsOnly, startSluice } from '../kit/start.ts';
import { Tally, type Case } from '../kit/tally.ts';
import { knownMisses } from './known-misses.ts';

/** A group may have hundreds of calls. */
const groupTimeoutMs = 60_000;

interface Suite {
  use: string;
  /** Why it cannot run here, if there is more to it than the recordings. */
  missing?: () => string | undefined;
  /** It is about what stands around the protocols. */
  gatewayOnly?: boolean;
  /** By provider. Called only where the recordings are there. */
  cases: (sluice: () => Sluice) => Map<string, Case[]>;
  /** Told below the table. */
  note?: () => string;
}

/** One use of the recordings: a test a provider, a table at the end. Skipped aloud where there are no recordings. */
export const replaySuite = ({ use, missing, gatewayOnly, cases, note }: Suite): void => {
  const why = recordingsMissing() ?? missing?.() ?? (gatewayOnly ? protocolsOnly() : undefined);
  if (why !== undefined) {
    console.warn(`recordings, ${use}: ${why}`);
    describe.skip(`recordings: ${use} (${why})`, () => test('replay', () => {}));
    return;
  }
  describe(`recordings: ${use}`, () => {
    const tally = new Tally(use, knownMisses);
    let sluice: Sluice | undefined;
    beforeAll(async () => {
      sluice = await startSluice();
    });
    afterAll(async () => {
      await sluice?.stop();
      if (sluice?.through === 'gateway') tally.write();
      console.log(`\n${tally.table()} (through the ${sluice?.through})\n${note?.() ?? ''}\n`);
    });
    for (const [provider, list] of cases(() => sluice!)) {
      test(provider, async () => expect(await tally.run(list)).toEqual([]), groupTimeoutMs);
    }
  });
};

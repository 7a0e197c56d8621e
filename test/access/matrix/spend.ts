import type { SpendEvent } from '../../../gateway/src/spend/event.ts';
import { createLedger } from '../../../gateway/src/spend/ledger/create-ledger.ts';
import type { Store } from '../../../gateway/src/access/store/store.ts';
import { places, type Place } from './places.ts';

/** What each place spent an hour ago. All that it is told apart by has the place's name in it. */
const eventOf = ({ name, organizationId, teamId, userId, keyId, projectId, modelId }: Place): SpendEvent => {
  const at = Date.now() - 3_600_000;
  return {
    id: `${name}-event`,
    callId: `${name}-call`,
    at,
    endedAt: at + 1000,
    route: 'chat',
    status: 429,
    errorCode: 'rate_limited',
    errorMessage: `${name} failed`,
    model: `${name}-model-name`,
    upstreamModel: `${name}-upstream-model`,
    deploymentId: modelId,
    provider: `${name}-provider`,
    stream: true,
    attempts: 1,
    keyId,
    keyAlias: `${name}-key-alias`,
    userId,
    teamId,
    organizationId,
    projectId,
    customerId: `${name}-customer`,
    agentId: `${name}-agent`,
    sessionId: `${name}-session`,
    tags: [`${name}-tag`],
    userAgent: `${name}-user-agent`,
    usage: { inputTokens: 10, outputTokens: 5 },
    nanodollars: 1_000_000,
    costKnown: true,
    charges: [],
  };
};

/** Every place has spent something, so that reports have something to tell of. */
export const spendSomething = async ({ database }: Store): Promise<void> => {
  const ledger = createLedger({ database, now: () => Date.now(), threads: false });
  const all = Object.values<Place>(places).filter(({ missing }) => !missing);
  await ledger.write(all.map(eventOf));
  await ledger.close();
};

import { createRouter, type Env, type Router, type Secret } from 'sluice/kit';
import { createMasterKeyCheck, type KeyCheck } from '../access/master-key.ts';
import { createDeadlines } from '../config/deadlines.ts';
import { environmentOf } from '../config/environment.ts';
import type { ConfigSnapshot, Deployment } from '../config/snapshot.ts';
import type { LoopGuard } from './loops.ts';
import { createTargets } from './targets.ts';

/** All that is made from one configuration: swapped whole by a reload, while calls that have begun keep theirs. */
export interface Live {
  readonly snapshot: ConfigSnapshot;
  readonly checkKey: KeyCheck;
  readonly router: Router<Deployment>;
  readonly targetOf: ReturnType<typeof createTargets>;
  readonly deadlinesOf: ReturnType<typeof createDeadlines>;
}

export const createLive = (snapshot: ConfigSnapshot, masterKey: Secret, env: Env, loops: LoopGuard): Live => {
  const fromEnv = environmentOf(snapshot, env);
  const joined: Env = new Proxy({}, { get: (_, name) => (typeof name === 'string' ? fromEnv(name) : undefined) });
  return {
    snapshot,
    checkKey: createMasterKeyCheck(masterKey),
    router: createRouter({
      deployments: snapshot.deployments.map((deployment) => ({
        ...deployment,
        name: deployment.modelName,
        numRetries: deployment.maxRetries,
        payload: deployment,
      })),
      aliases: snapshot.aliases,
      ...(snapshot.router.strategy !== undefined && { strategy: snapshot.router.strategy }),
      numRetries: snapshot.router.maxRetries,
      minWaitMs: snapshot.router.retryAfterMs,
    }),
    targetOf: createTargets(joined, loops),
    deadlinesOf: createDeadlines(snapshot),
  };
};

import { createRouter, type Env, type FetchUrl, type Router, type Secret, type Transport } from 'sluice/kit';
import { createMasterKeyCheck, type KeyCheck } from '../access/master-key.ts';
import { createDeadlines } from '../config/deadlines.ts';
import { environmentOf } from '../config/environment.ts';
import type { ConfigSnapshot, Deployment } from '../config/snapshot.ts';
import { createMediaFetch, createUrlGuard, type UrlGuard } from '../upstream/guard/index.ts';
import type { LoopGuard } from './loops.ts';
import { createTargets } from './targets.ts';

/** All that is made from one configuration: swapped whole by a reload, while calls that have begun keep theirs. */
export interface Live {
  readonly snapshot: ConfigSnapshot;
  readonly checkKey: KeyCheck;
  readonly router: Router<Deployment>;
  readonly targetOf: ReturnType<typeof createTargets>;
  readonly deadlinesOf: ReturnType<typeof createDeadlines>;
  /** Judges addresses that requests name. */
  readonly guardUrl: UrlGuard;
  /** Fetches files that requests name, behind the guard. */
  fetchOver(transport: Transport): FetchUrl;
  /** The file's variables, and those of the process. */
  readonly env: Env;
}

export const createLive = (snapshot: ConfigSnapshot, masterKey: Secret, env: Env, loops: LoopGuard): Live => {
  const fromEnv = environmentOf(snapshot, env);
  const joined: Env = new Proxy({}, { get: (_, name) => (typeof name === 'string' ? fromEnv(name) : undefined) });
  const guardUrl = createUrlGuard({ validate: snapshot.userUrls.validate, allowed: snapshot.userUrls.allowedHosts });
  const fetches = new WeakMap<Transport, FetchUrl>();
  return {
    snapshot,
    guardUrl,
    fetchOver(transport) {
      let fetchUrl = fetches.get(transport);
      if (!fetchUrl) fetches.set(transport, (fetchUrl = createMediaFetch({ guard: guardUrl, transport })));
      return fetchUrl;
    },
    env: joined,
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
    targetOf: createTargets(joined, loops, snapshot.providers),
    deadlinesOf: createDeadlines(snapshot),
  };
};

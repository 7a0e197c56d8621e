import {
  providers as builtIn,
  SluiceError,
  withProviders,
  type Affinity,
  type Env,
  type FetchUrl,
  type Providers,
  type Target,
  type Router,
  type Secret,
  type Transport,
} from 'sluice/kit';
import { createMasterKeyCheck, type IsMasterKey } from '../access/master-key.ts';
import type { GroupsOf } from '../access/models/model-list.ts';
import { createDeadlines } from '../config/deadlines.ts';
import { environmentOf } from '../config/environment.ts';
import type { ConfigSnapshot, Deployment } from '../config/snapshot.ts';
import { createMediaFetch, createUrlGuard, type UrlGuard } from '../upstream/guard/index.ts';
import { createAutoRouting, type AutoRouting } from './auto-routing.ts';
import type { CallState } from './call-state.ts';
import { createCoalescer, type Coalescer } from './coalesce/index.ts';
import type { LoopGuard } from './loops.ts';
import { routerOf, type RoutingWorld } from './routing.ts';
import { createRelayTargets, type RelayTargets } from './relay-targets.ts';
import { budgetShareOf } from './budget-share.ts';
import { createFacts } from './facts.ts';
import { createFiltering, type Filtering } from './filtering.ts';
import { createPrices, type Prices, type PriceSource } from './prices.ts';
import { createTargets } from './targets.ts';
import { createTrafficShaper, type TrafficShaper } from './traffic-shaper.ts';

/** All that is made from one configuration: swapped whole by a reload, while calls that have begun keep theirs. */
export interface Live {
  readonly snapshot: ConfigSnapshot;
  readonly isMasterKey: IsMasterKey;
  /** The groups that a model name's deployments are in. */
  readonly groupsOf: GroupsOf;
  /** Some deployments are one team's own. */
  readonly hasTeamModels: boolean;
  readonly router: Router<Deployment>;
  /** What keeps calls together in it. */
  readonly affinities: readonly Affinity<Deployment>[];
  /** What becomes of a model's name before a deployment is picked. Absent: nothing. */
  readonly shaper?: TrafficShaper;
  readonly targetOf: ReturnType<typeof createTargets>;
  readonly deadlinesOf: ReturnType<typeof createDeadlines>;
  /** Judges addresses that requests name. */
  readonly guardUrl: UrlGuard;
  /** For addresses that providers' answers name. Absent: they are not judged. */
  readonly guardAnswerUrl?: UrlGuard;
  /** Fetches files that requests name, behind the guard. */
  fetchOver(transport: Transport): FetchUrl;
  /** Every provider that there is: built in, and of the configuration. */
  readonly providers: Providers;
  /** The id of a deployment's provider; undefined where it cannot be called as things are. */
  providerOf(deployment: Deployment): string | undefined;
  /** The same by the deployment's own id. */
  providerOfId(deploymentId: string): string | undefined;
  /** Names that are choices by what a request is about. Absent: there are none. */
  readonly autoRouting?: AutoRouting;
  readonly relays: RelayTargets;
  /** Identical calls at the same time share one. Absent: they do not. */
  readonly coalescer?: Coalescer<CallState>;
  readonly prices: Prices;
  /** What is known of a deployment's model. */
  readonly factsOf: ReturnType<typeof createFacts>;
  /** Counts what a call has cost against the budgets. */
  readonly charge: Filtering['charge'];
  /** The file's variables, and those of the process. */
  readonly env: Env;
}

export const createLive = (
  snapshot: ConfigSnapshot,
  masterKey: Secret,
  env: Env,
  loops: LoopGuard,
  prices: PriceSource,
  world: RoutingWorld = {},
  before?: Live,
): Live => {
  const fromEnv = environmentOf(snapshot, env);
  const joined: Env = new Proxy({}, { get: (_, name) => (typeof name === 'string' ? fromEnv(name) : undefined) });
  const guardUrl = createUrlGuard({ validate: snapshot.userUrls.validate, allowed: snapshot.userUrls.allowedHosts });
  const fetches = new WeakMap<Transport, FetchUrl>();
  const providers = withProviders(builtIn, snapshot.providers);
  const targetOfDeployment = createTargets(joined, loops, snapshot.providers);
  const ids = new Map<Deployment, string | undefined>();
  const providerOf = (deployment: Deployment): string | undefined => {
    if (!ids.has(deployment))
      ids.set(
        deployment,
        idOf(() => targetOfDeployment(deployment, deployment.model)),
      );
    return ids.get(deployment);
  };
  let byId: ReadonlyMap<string, Deployment> | undefined;
  const providerOfId = (deploymentId: string): string | undefined => {
    const found = (byId ??= new Map(snapshot.deployments.map((one) => [one.id, one]))).get(deploymentId);
    return found && providerOf(found);
  };
  const priced = createPrices(snapshot, prices);
  const { filters, charge } = createFiltering(snapshot, providerOf, world.spend);
  const factsOf = createFacts({ prices: priced, source: prices, providerOf });
  const { router, affinities } = routerOf(snapshot, {
    ...world,
    filters: [...(world.filters ?? []), ...filters],
    factsOf: ({ payload }, model) => factsOf(payload, model),
  });
  const shaper = createTrafficShaper(
    snapshot,
    {
      queueLength: (name) => router.waiting().get(name) ?? 0,
      budgetShare: (name) =>
        world.spend && budgetShareOf(name, { settings: snapshot.router, spend: world.spend, providerOf, router }, Date.now()),
    },
    before?.shaper,
  );
  const autoRouting = createAutoRouting(snapshot);
  return {
    snapshot,
    ...(autoRouting && { autoRouting }),
    providers,
    providerOf,
    providerOfId,
    prices: priced,
    factsOf,
    charge,
    relays: createRelayTargets({ snapshot, env: joined, loops, providers, providerOf }),
    guardUrl,
    ...(snapshot.router.coalesce && { coalescer: createCoalescer<CallState>() }),
    // Behind a proxy names may mean nothing here, and it is the proxy that says who is reached.
    ...(!proxyVariables.some((name) => joined[name]) && { guardAnswerUrl: guardUrl }),
    fetchOver(transport) {
      let fetchUrl = fetches.get(transport);
      if (!fetchUrl) fetches.set(transport, (fetchUrl = createMediaFetch({ guard: guardUrl, transport })));
      return fetchUrl;
    },
    env: joined,
    isMasterKey: createMasterKeyCheck(masterKey),
    hasTeamModels: snapshot.deployments.some(({ team }) => team !== undefined),
    groupsOf: (model) => router.match(model).flatMap(({ deployment }) => deployment.payload.accessGroups),
    router,
    affinities,
    ...(shaper && { shaper }),
    targetOf: targetOfDeployment,
    deadlinesOf: createDeadlines(snapshot),
  };
};

const proxyVariables = ['HTTP_PROXY', 'HTTPS_PROXY'].flatMap((name) => [name, name.toLowerCase()]);

/** A deployment that lacks a variable, or a provider, has none to be found by. */
const idOf = (make: () => Target): string | undefined => {
  try {
    return make().provider.id;
  } catch (cause) {
    if (SluiceError.is(cause)) return undefined;
    throw cause;
  }
};

import {
  activeAt,
  affinitiesOf,
  createRouter,
  homeFilter,
  type Affinity,
  type RouterMemory,
  type RouterOptions,
  type Router,
  type SpendWindows,
} from 'sluice/kit';
import { shortHash } from '../config/hash.ts';
import { reveal } from '../config/reveal.ts';
import type { ConfigSnapshot, Deployment } from '../config/snapshot.ts';
import { createHealthFilter, type HealthBoard } from './health-board.ts';

/** What routers of one gateway have in common, over reloads. */
export interface RoutingWorld extends Pick<RouterOptions<Deployment>, 'limiter' | 'peers' | 'filters' | 'factsOf' | 'onRest'> {
  memory?: RouterMemory;
  /** What was spent of budgets. */
  spend?: SpendWindows;
  /** What checks have found of deployments. */
  health?: HealthBoard;
}

interface Routing {
  readonly router: Router<Deployment>;
  /** Its own, for what they have counted. */
  readonly affinities: readonly Affinity<Deployment>[];
}

/** The router of a configuration. @throws RangeError for a strategy, or options of one, that do not exist */
export const routerOf = (snapshot: ConfigSnapshot, { health, spend: _spend, ...world }: RoutingWorld): Routing => {
  const { router: settings, aliases } = snapshot;
  const { strategy, maxParallelRequests, hedging } = settings;
  const deployments = snapshot.deployments.map(asRouted);
  const byId = new Map(deployments.map((one) => [one.id, one]));
  const affinities = affinitiesOf<Deployment>(settings.affinities, (id) => byId.get(id));
  const router = createRouter<Deployment>({
    deployments,
    aliases,
    ...(strategy !== undefined && { strategy, strategyOptions: settings.strategyOptions }),
    groups: settings.groups,
    numRetries: settings.maxRetries,
    retryPolicy: settings.retryPolicy,
    groupRetryPolicies: settings.groupRetryPolicies,
    minWaitMs: settings.retryAfterMs,
    fallbacks: settings.fallbacks,
    breaker: settings.breaker,
    queue: settings.queue,
    enforceLimits: settings.enforceLimits,
    ...(maxParallelRequests !== undefined && { maxParallelRequests }),
    ...(hedging && { hedging }),
    ...world,
    affinities,
    filters: [
      homeFilter<Deployment>((id) => byId.get(id)),
      ...(world.filters ?? []),
      ...(health && snapshot.healthChecks.routing ? [createHealthFilter(health, snapshot.healthChecks)] : []),
    ],
  });
  return { router, affinities };
};

type Routed = RouterOptions<Deployment>['deployments'][number];

const asRouted = (deployment: Deployment): Routed => {
  const {
    id,
    modelName: name,
    model,
    provider,
    weight,
    rpm,
    tpm,
    itpm,
    otpm,
    order,
    maxRetries,
    maxParallelRequests,
    cooldownMs,
    region,
    schedule,
  } = deployment;
  return {
    id,
    name,
    model,
    payload: deployment,
    credential: credentialOf(deployment),
    server: serverOf(deployment),
    tags: deployment.tags,
    tagPatterns: deployment.tagPatterns,
    ...(provider !== undefined && { provider }),
    ...(weight !== undefined && { weight }),
    ...(rpm !== undefined && { rpm }),
    ...(tpm !== undefined && { tpm }),
    ...(itpm !== undefined && { itpm }),
    ...(otpm !== undefined && { otpm }),
    ...(order !== undefined && { order }),
    ...(maxRetries !== undefined && { numRetries: maxRetries }),
    ...(maxParallelRequests !== undefined && { maxParallelRequests }),
    ...(cooldownMs !== undefined && { cooldownMs }),
    ...(region !== undefined && { region }),
    ...(schedule && { activeAt: activeAt(schedule) }),
  };
};

const circuitKeys = new WeakMap<Deployment, readonly string[]>();

/** What calls to a deployment depend on, as the router's breaker names it. Worked out once. */
export const circuitKeysOf = (deployment: Deployment): readonly string[] => {
  let keys = circuitKeys.get(deployment);
  if (!keys) {
    const credential = `credential:${credentialOf(deployment)}`;
    keys = [`deployment:${deployment.id}`, credential, `${credential}\n${deployment.model}`, `server:${serverOf(deployment)}`];
    circuitKeys.set(deployment, keys);
  }
  return keys;
};

/** The same for deployments that use one key at one address. A hash: it is seen by other instances. */
const credentialOf = ({ provider, apiBase, apiKey, organization, options, azure }: Deployment): string =>
  shortHash([provider, apiBase, apiKey?.reveal(), organization, reveal(options ?? {}), reveal({ ...azure })], 16);

/** The same for deployments at one address. Regions of one vendor are addresses of their own. */
const serverOf = ({ provider, apiBase, options }: Deployment): string =>
  shortHash([provider, apiBase, options?.['aws_region_name'], options?.['vertex_location']], 16);

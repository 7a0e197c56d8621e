import { SluiceError } from 'sluice/kit';
import type { Deployment } from '../../config/snapshot.ts';
import { byTraffic, type HealthResult } from '../../pipeline/health-board.ts';
import { checkable, type HealthChecks } from '../../pipeline/health-checks.ts';
import type { Live } from '../../pipeline/live.ts';
import { checkOf, endpointOf, nameOf } from './answers.ts';

/** What an answer about health is made of. */
interface Asked {
  readonly live: Live;
  readonly health: HealthChecks;
  /** Without its question mark. */
  readonly query: string;
}

/**
 * `/health`: all deployments, those of a model name (`?model=`), or one (`?model_id=`). Checks them now, unless they are
 * checked in the background anyway: then what is known is told.
 * @throws SluiceError `not_found`
 */
export const healthOf = async ({ live, health, query }: Asked): Promise<Record<string, unknown>> => {
  const parameters = new URLSearchParams(query);
  const { background, details, skipDisabled } = live.snapshot.healthChecks;
  const named = wanted(live, parameters.get('model') || undefined, parameters.get('model_id') || undefined);
  const asked = skipDisabled ? named.filter(({ healthCheck }) => !healthCheck?.disabled) : named;
  const places = new Set(checkable(live));
  const checked = asked.filter((one) => places.has(one));
  const results = background
    ? new Map(checked.map((one) => [one.id, knownOf(health, one)]))
    : new Map((await health.check(live, checked)).map((result) => [result.deploymentId, result]));
  const listed = (which: boolean | undefined) =>
    asked.filter(({ id }) => results.get(id)?.healthy === which).map((one) => endpointOf(live, one, results.get(one.id), details));
  const [healthy, unhealthy, unchecked] = [listed(true), listed(false), listed(undefined)];
  return {
    healthy_endpoints: healthy,
    unhealthy_endpoints: unhealthy,
    healthy_count: healthy.length,
    unhealthy_count: unhealthy.length,
    ...(unchecked.length > 0 && { unchecked_endpoints: unchecked, unchecked_count: unchecked.length }),
  };
};

/** The later of what a check and what a client's call said. */
const knownOf = ({ board }: HealthChecks, deployment: Deployment): HealthResult | undefined => {
  const result = board.of(deployment.id);
  const servedAt = board.servedAt(deployment.id);
  return servedAt > (result?.checkedAt ?? 0) ? byTraffic(deployment, servedAt) : result;
};

const wanted = (live: Live, model: string | undefined, id: string | undefined): readonly Deployment[] => {
  const { deployments } = live.snapshot;
  if (model === undefined && id === undefined) return deployments;
  const found = deployments.filter((one) => (id === undefined ? isNamed(live, one, model!) : one.id === id));
  const matched = found.length > 0 || id !== undefined ? found : live.router.match(model!).map(({ deployment }) => deployment.payload);
  if (matched.length > 0) return matched;
  throw new SluiceError('not_found', `There is no deployment of '${(id ?? model!).slice(0, 100)}'.`, {
    param: id === undefined ? 'model' : 'model_id',
  });
};

const isNamed = (live: Live, one: Deployment, name: string): boolean =>
  one.modelName === name || nameOf(live.providerOf(one) ?? one.provider, one) === name;

/**
 * Whether a model name belongs into a list of healthy ones: not where all of its deployments failed their last check, and
 * that not long ago. Undefined: all do (LiteLLM's `model_list_healthy_only`, or `?healthy_only=true`).
 */
export const wellOnly = ({ live, health, query }: Asked): ((name: string) => boolean) | undefined => {
  const { listHealthyOnly, stalenessMs } = live.snapshot.healthChecks;
  if (!listHealthyOnly && (query === '' || new URLSearchParams(query).get('healthy_only') !== 'true')) return undefined;
  const since = Date.now() - stalenessMs;
  return (name) => {
    const deployments = live.router.match(name);
    return (
      deployments.length === 0 ||
      !deployments.every(({ deployment }) => {
        const result = health.board.of(deployment.id);
        return result?.healthy === false && result.checkedAt > since;
      })
    );
  };
};

/** `/health/latest`: what was found last, by deployment. */
export const latestHealth = ({ live, health }: Asked): Record<string, unknown> => {
  const known = live.snapshot.deployments.flatMap((one) => knownOf(health, one) ?? []);
  return {
    latest_health_checks: Object.fromEntries(known.map((result) => [result.deploymentId, checkOf(result)])),
    total_models: known.length,
  };
};

const maxListed = 1000;

/** `/health/history`: what was found before, the latest first. Kept in memory, and gone with the process. @throws SluiceError `invalid_request` */
export const healthHistory = ({ health, query }: Asked): Record<string, unknown> => {
  const parameters = new URLSearchParams(query);
  const model = parameters.get('model');
  const status = parameters.get('status_filter');
  const limit = Math.min(maxListed, countOf(parameters, 'limit', 100));
  const offset = countOf(parameters, 'offset', 0);
  const listed = health.board
    .history()
    .filter(
      ({ modelName, deploymentId, healthy }) =>
        (!model || modelName === model || deploymentId === model) && (!status || status === (healthy ? 'healthy' : 'unhealthy')),
    )
    .slice(offset, offset + limit)
    .map(checkOf);
  return { health_checks: listed, total_records: listed.length, limit, offset };
};

const countOf = (parameters: URLSearchParams, name: string, otherwise: number): number => {
  const text = parameters.get(name);
  if (text === null || text === '') return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw new SluiceError('invalid_request', `'${name}' must be a whole number.`, { param: name });
  return Number(text);
};

/** `/health/shared-status`: whether instances share their results. They do not: each checks on its own, and less where clients call. */
export const sharedHealth = (): Record<string, unknown> => ({
  shared_health_check_enabled: false,
  message: 'Each instance keeps the results of its own checks.',
});

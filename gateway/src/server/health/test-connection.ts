import { SluiceError, type JsonObject } from 'sluice/kit';
import type { Deployment } from '../../config/snapshot.ts';
import { bareDeployment } from '../../pipeline/bare-deployment.ts';
import type { ClientSide } from '../../pipeline/client-side.ts';
import type { HealthChecks } from '../../pipeline/health-checks.ts';
import type { Live } from '../../pipeline/live.ts';
import { endpointOf, isMode, nameOf } from './answers.ts';

/** What a test may say of a model that is not configured, or not so. */
const understood: ReadonlySet<string> = new Set(['model', 'api_key', 'api_base', 'base_url', 'custom_llm_provider']);

/**
 * `/health/test_connection`: one small call to a configured model (by `model_info.id`, its name, or `provider/model`), or
 * to one that is not: with the environment's key or with the request's own. An address of the request's is judged like
 * any that a client names, and only the request's own key goes there.
 * @throws SluiceError `invalid_request`
 */
export const testConnection = async (
  body: JsonObject,
  { live, health }: { live: Live; health: HealthChecks },
): Promise<Record<string, unknown>> => {
  const parameters = asObject('litellm_params', body['litellm_params']);
  const info = asObject('model_info', body['model_info']);
  for (const name of Object.keys(parameters))
    if (!understood.has(name))
      throw refused(name, `'${name}' cannot be tested with: put the model into the configuration, and test it by its name.`);
  const model = asText('model', parameters['model']);
  const id = asText('id', info['id']);
  const mode = body['mode'] ?? undefined;
  if (mode !== undefined && !isMode(mode)) throw refused('mode', "'mode' is none that there is: chat, embedding, rerank, ...");

  const own: ClientSide = {};
  const key = asText('api_key', parameters['api_key']);
  const base = asText('api_base', parameters['api_base'] ?? parameters['base_url']);
  if (key !== undefined) own.api_key = key;
  if (base !== undefined) own.api_base = base;
  if (base !== undefined && key === undefined)
    throw refused('api_key', "'api_base' needs an 'api_key' beside it: the gateway's own keys go to no address of a request.");
  const elsewhere = base === undefined ? undefined : await live.guardUrl(base);

  const found = configured(live, id, model) ?? unconfigured(live, model, asText('custom_llm_provider', parameters['custom_llm_provider']));
  const deployment = mode === undefined ? found : { ...found, mode };
  const asked = key !== undefined || base !== undefined ? { own, elsewhere } : {};
  const result = await health.test(live, deployment, asked);
  return { status: result.healthy ? 'success' : 'error', result: endpointOf(live, deployment, result, true) };
};

const configured = (live: Live, id: string | undefined, model: string | undefined): Deployment | undefined => {
  const { deployments } = live.snapshot;
  if (id !== undefined) {
    const byId = deployments.find((one) => one.id === id);
    if (byId) return byId;
  }
  return (
    deployments.find(({ modelName }) => modelName === model) ??
    deployments.find((one) => nameOf(live.providerOf(one) ?? one.provider, one) === model)
  );
};

/** `provider/model`, as it would be without any settings. */
const unconfigured = (live: Live, name: string | undefined, provider: string | undefined): Deployment => {
  if (name === undefined) throw refused('model', "'litellm_params.model' is missing: say which model is to be tested.");
  return bareDeployment(live, name, 'test_connection', provider);
};

const refused = (param: string, message: string): SluiceError => new SluiceError('invalid_request', message, { param });

const asObject = (name: string, value: unknown): JsonObject => {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw refused(name, `'${name}' must be an object.`);
  return value as JsonObject;
};

const asText = (name: string, value: unknown): string | undefined => {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw refused(name, `'${name}' must be a string.`);
  // What a configuration would look up is the gateway's, and none of a request's.
  if (value.startsWith('os.environ/'))
    throw refused(name, `'${name}' must be a value: references are resolved in the configuration alone.`);
  return value;
};

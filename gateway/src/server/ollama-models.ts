import { createHash } from 'node:crypto';
import { SluiceError, type JsonObject } from 'sluice/kit';
import type { Live } from '../pipeline/live.ts';
import { createdAt, type ListedModel } from './models.ts';

/*
 * What Ollama's clients ask of a server beside its answers (https://docs.ollama.com/api/tags, /api/ps, /api/show and
 * /api-reference/get-version, read 2026-11-22).
 */

/** The release whose API this is. Clients refuse servers that are older than what they need (Copilot: 0.6.4). */
export const ollamaVersion = '0.12.6';

/** No model lies here as a file, so a digest can only tell the names apart. Clients cut it without looking. */
const digestOf = (name: string): string => createHash('sha256').update(name).digest('hex');

const detailsOf = (provider: string): JsonObject => ({
  parent_model: '',
  format: '',
  family: provider,
  families: [provider],
  parameter_size: '',
  quantization_level: '',
});

export const ollamaTags = (models: readonly ListedModel[]): JsonObject => ({
  models: models.map(({ id, provider }) => ({
    name: id,
    model: id,
    modified_at: createdAt,
    size: 0,
    digest: digestOf(id),
    details: detailsOf(provider),
  })),
});

/** What is known of a model: what its entry says of it, else what the catalog does. Nothing is claimed that neither says. */
const factsOf = (live: Live, name: string): { capabilities: string[]; contextLength: number | undefined } => {
  const [first] = live.router.match(name);
  const info = first?.deployment.payload.modelInfo ?? {};
  const length = info['max_input_tokens'] ?? info['max_tokens'];
  const contextLength = typeof length === 'number' ? length : undefined;
  if (first?.deployment.payload.mode === 'embedding') return { capabilities: ['embedding'], contextLength };
  const capabilities = ['completion'];
  if (info['supports_vision'] === true) capabilities.push('vision');
  if (info['supports_function_calling'] !== false) capabilities.push('tools');
  if (info['supports_reasoning'] === true || thinks(live, name)) capabilities.push('thinking');
  return { capabilities, contextLength };
};

const thinks = (live: Live, name: string): boolean => {
  const [first] = live.router.match(name);
  if (!first) return false;
  try {
    const { provider, model, traits } = live.targetOf(first.deployment.payload, first.model);
    const { reasoning = 'none' } = { ...provider.traits?.(model), ...traits };
    return reasoning !== 'none';
  } catch {
    // Without what the deployment needs (a variable that is not set) it cannot be called, but it can be described.
    return false;
  }
};

/** @throws SluiceError `not_found`, `invalid_request` */
export const ollamaShow = (live: Live, { id, provider }: ListedModel): JsonObject => {
  const { capabilities, contextLength } = factsOf(live, id);
  return {
    license: '',
    modelfile: '',
    parameters: '',
    template: '',
    modified_at: createdAt,
    details: detailsOf(provider),
    capabilities,
    model_info: {
      'general.architecture': provider,
      'general.basename': id,
      ...(contextLength !== undefined && { [`${provider}.context_length`]: contextLength }),
    },
  };
};

/** The model that a request names: `model`, or `name` as it was called before. @throws SluiceError `invalid_request` */
export const shownModel = (body: JsonObject): string => {
  const name = body['model'] ?? body['name'];
  if (typeof name === 'string' && name !== '') return name;
  throw new SluiceError('invalid_request', "'model' must be a string.", { param: 'model' });
};

/**
 * The answer to a request that says nothing: Ollama's clients load a model so, and unload it with `keep_alive: 0`. There is
 * nothing to load here; undefined where something was said.
 */
export const loadAnswer = (body: JsonObject, now: number): JsonObject | undefined => {
  const generate = !('messages' in body);
  const said = generate ? (body['prompt'] ?? body['images']) : body['messages'];
  const empty = said === undefined || said === null || said === '' || (Array.isArray(said) && said.length === 0);
  if (!empty || (generate && Array.isArray(body['images']) && body['images'].length > 0)) return undefined;
  return {
    model: body['model'],
    created_at: new Date(now).toISOString(),
    ...(generate ? { response: '' } : { message: { role: 'assistant', content: '' } }),
    done: true,
    done_reason: body['keep_alive'] === 0 || body['keep_alive'] === '0' ? 'unload' : 'load',
  };
};

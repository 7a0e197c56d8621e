import { providerOf } from '../../providers/compatible/row.ts';
import { credentialHeaders, headerText, type CredentialRequest } from '../../providers/credentials.ts';
import { SluiceError, type Auth, type Provider, type Secret, type Speaks, type Target, type Transport } from '../../types/index.ts';
import type { DefinedEndpoint, ProviderDefinition } from './definition.ts';
import { served } from './endpoints.ts';

const functions = {
  chat: { protocol: 'openai-chat', path: '/functions/chat' },
  embeddings: { protocol: 'openai-embeddings', path: '/functions/embeddings' },
  rerank: { protocol: 'cohere-rerank', path: '/functions/rerank' },
} as const satisfies Provider['speaks'];

export type FunctionName = keyof typeof functions;

const names = Object.keys(functions) as FunctionName[];

/** Where functions live that have no address: no name of the network can be it. */
const nowhere = 'https://function.invalid';

/**
 * A provider of one's own, for `providers` of a call or of the gateway's configuration.
 * @throws SluiceError `invalid_request` for a definition that cannot be one
 */
export const defineProvider = (definition: ProviderDefinition): Provider => {
  const given = checked(definition);
  const own = names.filter((name) => given[name] !== undefined);
  const endpoints = given.endpoints ?? (own.length > 0 || given.speaks || given.operations ? [] : (['chat'] as const));
  const known = served(endpoints.filter((name) => !(own as readonly string[]).includes(name)) as DefinedEndpoint[]);
  const keyEnv = list(given.keyEnv);
  const byFunction = Object.fromEntries(own.map((name): [FunctionName, Speaks] => [name, functions[name]]));
  const operations = { ...known.operations, ...given.operations };
  const baseUrl = given.baseUrl?.replace(/\/+$/, '') ?? (own.length > 0 ? nowhere : undefined);
  const { id, label = id, headers, auth, traits, quirks } = given;
  return providerOf(id, {
    label,
    keyEnv,
    ...(keyEnv.length === 0 && { keyOptional: true }),
    ...(baseUrl !== undefined && { baseUrl }),
    ...(given.baseUrlEnv !== undefined && { baseUrlEnv: list(given.baseUrlEnv) }),
    ...authOf(auth, headers),
    speaks: { ...known.speaks, ...given.speaks, ...byFunction },
    ...(Object.keys(operations).length > 0 && { operations }),
    // A function sees what the client said; a server is not known to take more than most do.
    ...(quirks ? { quirks } : own.includes('chat') && { quirks: {} }),
    ...(traits && { traits }),
    ...(own.length > 0 && { transport: transportOf(given) }),
    source: given.source ?? 'its definition',
  });
};

/** Requests for functions go to them, all others out. */
const transportOf = (definition: ProviderDefinition): Transport => {
  let network: Transport | undefined;
  return async (request) => {
    const name = names.find((each) => definition[each] !== undefined && request.url.endsWith(functions[each].path));
    // Loaded with the first call: whoever only defines a provider pays nothing.
    if (name === undefined) {
      network ??= (await import('../../transport/fetch-transport.ts')).createFetchTransport();
      return network(request);
    }
    const base = request.url.slice(0, -functions[name].path.length);
    const { answerByFunction } = await import('./functions.ts');
    return answerByFunction(name, definition, request, base === nowhere ? undefined : base);
  };
};

const list = (value: string | readonly string[] | undefined): readonly string[] => (typeof value === 'string' ? [value] : (value ?? []));

/** What is secret in headers goes where credentials go: to the provider's own host, and into no listing. */
const authOf = (
  auth: Auth = { kind: 'bearer' },
  headers: ProviderDefinition['headers'] = {},
): Partial<Pick<Provider, 'auth' | 'headers'>> => {
  const entries = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const isSecret = (value: string | Secret): boolean => typeof value !== 'string' || value.includes(keyMark);
  const open = Object.fromEntries(
    entries.flatMap(([name, value]) => (typeof value === 'string' && !isSecret(value) ? [[name, value]] : [])),
  );
  const secret = entries.filter(([, value]) => isSecret(value));
  return {
    auth: secret.length === 0 ? auth : { kind: 'custom', headers: (target, request) => joined(target, request, auth, secret) },
    ...(Object.keys(open).length > 0 && { headers: open }),
  };
};

const keyMark = '{api_key}';

const joined = async (
  target: Target,
  request: CredentialRequest,
  auth: Auth,
  secret: readonly (readonly [string, string | Secret])[],
): Promise<Record<string, string>> => {
  const { provider, apiKey } = target;
  const usual = await credentialHeaders({ ...target, provider: { ...provider, auth } }, request);
  const key = apiKey === undefined ? '' : headerText(apiKey, provider);
  const textOf = (value: string | Secret): string => (typeof value === 'string' ? value : value.reveal()).replaceAll(keyMark, () => key);
  const more = secret.map(([name, value]) => [name, textOf(value)]);
  return { ...usual, ...Object.fromEntries(more) };
};

/** Programs without types get told what is wrong as well. */
const checked = (definition: ProviderDefinition): ProviderDefinition => {
  const refuse = (why: string) => new SluiceError('invalid_request', `This is no provider: ${why}.`, { retry: false });
  const { id, baseUrl } = definition;
  if (typeof id !== 'string' || !/^[a-z0-9][a-z0-9_.-]*$/.test(id)) throw refuse('its id must be lower-case letters, digits, _, - and .');
  for (const name of names) {
    if (definition[name] !== undefined && typeof definition[name] !== 'function') throw refuse(`'${name}' of ${id} must be a function`);
  }
  if (baseUrl !== undefined && !/^https?:\/\/[^/]/.test(baseUrl)) throw refuse(`the base URL of ${id} must begin with https:// or http://`);
  return definition;
};

export { definedEndpoints, endpointAt } from './endpoints.ts';
export type { ChatAnswer, ChatPiece, DefinedEndpoint, FunctionChatRequest, FunctionContext, ProviderDefinition } from './definition.ts';

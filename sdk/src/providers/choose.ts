import { SluiceError, type Endpoint, type Provider, type ProtocolId, type Speaks } from '../types/index.ts';

/** How a provider is spoken to for one call. */
export interface Choice {
  endpoint: Endpoint;
  speaks: Speaks;
  /** The client's own format: the request can go on as it is. */
  same: boolean;
}

const defaultOrder: readonly Endpoint[] = ['chat', 'messages', 'responses', 'completions'];
const chatEndpoints: ReadonlySet<Endpoint> = new Set(defaultOrder);

/**
 * Which of a provider's endpoints a chat call uses. In this order:
 * 1. `prefer`, if the provider speaks it: somebody asked for it by name;
 * 2. the client's own format, if one of the endpoints that take this model speaks it;
 * 3. the first of those endpoints: `chatEndpoints(model)`, else `chatOrder`, else chat, messages, responses, completions.
 * What a client says in the model's own format (`native`) goes on so, whatever else holds. Endpoints marked `optIn` are chosen by 1 alone.
 * @throws SluiceError `invalid_request` where the provider cannot chat
 */
export const chooseSpeaks = (provider: Provider, model: string, clientProtocol: ProtocolId, prefer?: Endpoint): Choice => {
  const native = provider.speaks.native;
  if (native?.protocol === clientProtocol) return { endpoint: 'native', speaks: native, same: true };
  const preferred = prefer !== undefined && chatEndpoints.has(prefer) ? provider.speaks[prefer] : undefined;
  if (preferred) return { endpoint: prefer!, speaks: preferred, same: preferred.protocol === clientProtocol };
  let first: Choice | undefined;
  for (const endpoint of provider.chatEndpoints?.(model) ?? provider.chatOrder ?? defaultOrder) {
    const speaks = provider.speaks[endpoint];
    if (!speaks || speaks.optIn) continue;
    if (speaks.protocol === clientProtocol) return { endpoint, speaks, same: true };
    first ??= { endpoint, speaks, same: false };
  }
  if (first) return first;
  throw new SluiceError('invalid_request', `${provider.label} cannot answer chat requests for the model '${model}'.`, {
    param: 'model',
    provider: provider.id,
    model,
  });
};

/** How a provider is spoken to for something that has one endpoint (embeddings, counting tokens); undefined if it does not offer it. */
export const chooseEndpoint = (provider: Provider, endpoint: Endpoint): Speaks | undefined => provider.speaks[endpoint];

import { recognise } from '../protocols/shared/recognise.ts';
import { protocolOf } from '../protocols/index.ts';
import { SluiceError, type JsonObject, type Target } from '../types/index.ts';
import type { Prepared } from './prepare.ts';

/*
 * At an address of the user's own, a provider's name says less than it seems: `openai` with an `api_base` is mostly a
 * server that has OpenAI's chat endpoint and maybe no other (LiteLLM's users write vLLM, llama.cpp and gateways so).
 */

/** Targets that were seen to lack the endpoint that the client's format would use, with the target that goes by chat. */
const byChat = new WeakMap<Target, Target>();

/** The target as it is known to work. */
export const knownTarget = (target: Target): Target => byChat.get(target) ?? target;

/** The target by its chat endpoint, where a failure looks as if the server lacked the one that was called. */
export const chatInstead = (target: Target, { endpoint }: Prepared, error: SluiceError): Target | undefined => {
  if (!lacksEndpoint(target, error) || endpoint === 'chat' || !target.provider.speaks.chat) return undefined;
  return { ...target, prefer: 'chat' };
};

/** Whether a failure looks as if a server at an address of the user's own lacked the endpoint that was called. */
export const lacksEndpoint = ({ baseUrl }: Target, error: unknown): boolean =>
  baseUrl !== undefined &&
  SluiceError.is(error) &&
  error.upstream !== undefined &&
  (error.status === 404 || error.status === 405 || error.status === 501);

/** Remembers that it worked. */
export const rememberChat = (target: Target, instead: Target): void => void byChat.set(target, instead);

/** Whether an answer's format is to be looked at, rather than taken to be the endpoint's. */
export const mayDiffer = ({ provider, baseUrl }: Target): boolean => baseUrl !== undefined && Object.keys(provider.speaks).length > 1;

/** Events that come before the first choice (Azure's filter results) do not say which format they are in. */
export const saysNothing = ({ object, choices }: JsonObject): boolean => !object && Array.isArray(choices) && choices.length === 0;

/** The call as its answer turned out: read by the format that the answer is in. */
export const asAnswered = (prepared: Prepared, clientFormat: string, sample: JsonObject): Prepared => {
  if (prepared.protocol.shape === 'any') return prepared;
  const id = recognise(sample);
  if (id === undefined || id === prepared.protocol.id || id === prepared.protocol.shape) return prepared;
  const protocol = protocolOf(id);
  // What AWS frames it frames in its own way, whatever is inside.
  const framing = prepared.framing.startsWith('aws-') ? prepared.framing : protocol.framing;
  return { ...prepared, protocol, framing, same: id === clientFormat };
};

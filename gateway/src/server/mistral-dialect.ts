import { spliceTopLevel, type JsonObject } from 'sluice/kit';
import { withMembers, type ClientRequest } from './client-request.ts';

/*
 * Mistral's SDKs speak OpenAI's chat with words of their own, and hold what comes back to a schema
 * (https://docs.mistral.ai/api and @mistralai/mistralai 2.7, read 2026-11-22). What they say is put into OpenAI's words
 * here; a Mistral deployment gets them back as its provider's row says.
 */

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

const asOpenAi = (message: unknown): unknown => {
  if (!isObject(message)) return message;
  const { prefix, tool_calls: calls, content, ...rest } = message;
  return {
    ...rest,
    ...(content !== undefined && { content: Array.isArray(content) ? content.map(asContent) : content }),
    // The SDK says so of every answer that it sends back; `true` means something, and is the provider's to judge.
    ...(prefix !== undefined && prefix !== false && { prefix }),
    ...(calls !== undefined && { tool_calls: Array.isArray(calls) ? calls.map(withoutIndex) : calls }),
  };
};

const asContent = (part: unknown): unknown =>
  isObject(part) && typeof part['image_url'] === 'string' ? { ...part, image_url: { url: part['image_url'] } } : part;

const withoutIndex = (call: unknown): unknown => {
  if (!isObject(call)) return call;
  const { index: _index, ...rest } = call;
  return rest;
};

/** A chat request of Mistral's SDK in OpenAI's words. */
export const fromMistral = (request: ClientRequest): ClientRequest => {
  const { random_seed: seed, safe_prompt: safe, tool_choice: choice, messages } = request.body;
  const members: JsonObject = {};
  if (seed !== undefined) Object.assign(members, { random_seed: undefined, seed });
  if (safe === false || safe === null) members['safe_prompt'] = undefined;
  if (choice === 'any') members['tool_choice'] = 'required';
  if (Array.isArray(messages)) {
    const said = messages.map(asOpenAi);
    if (JSON.stringify(said) !== JSON.stringify(messages)) members['messages'] = said;
  }
  return withMembers(request, members);
};

/** Its schema of an answer with embeddings wants an id. */
export const withId = (answer: { body: Uint8Array | string; json(): JsonObject }, id: string): { body: Uint8Array | string } => {
  if (answer.json()['id'] !== undefined) return answer;
  const text = typeof answer.body === 'string' ? answer.body : new TextDecoder().decode(answer.body);
  return { body: spliceTopLevel(text, { id: JSON.stringify(id) }) };
};

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

/** A call of a tool with free text, as the function that it is to the other formats without such tools. */
const asFunctionCall = (call: unknown): unknown => {
  if (!isObject(call) || !isObject(call['custom'])) return call;
  const { type: _type, custom, ...rest } = call;
  return { ...rest, type: 'function', function: { name: custom['name'], arguments: JSON.stringify({ input: custom['input'] ?? '' }) } };
};

const withFunctionCalls = (choice: unknown): unknown => {
  const message = isObject(choice) ? choice['message'] : undefined;
  if (!isObject(choice) || !isObject(message) || !Array.isArray(message['tool_calls'])) return choice;
  return { ...choice, message: { ...message, tool_calls: message['tool_calls'].map(asFunctionCall) } };
};

/** An answer of a provider or of ours, of which no more is read than needs to be. */
interface Answer {
  body: Uint8Array | string;
  json(): JsonObject;
}

const withSpliced = ({ body }: Answer, members: Readonly<Record<string, unknown>>): { body: string } => {
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  return { body: spliceTopLevel(text, Object.fromEntries(Object.entries(members).map(([name, value]) => [name, JSON.stringify(value)]))) };
};

/** Its schema of an answer wants a usage, and every call to be of a function. */
export const toMistral = (answer: Answer): { body: Uint8Array | string } => {
  const { usage, choices } = answer.json();
  const members: JsonObject = {};
  if (!isObject(usage)) members['usage'] = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };
  if (Array.isArray(choices)) {
    const said = choices.map(withFunctionCalls);
    if (said.some((choice, at) => choice !== choices[at] && JSON.stringify(choice) !== JSON.stringify(choices[at])))
      members['choices'] = said;
  }
  return Object.keys(members).length === 0 ? answer : withSpliced(answer, members);
};

/** Its schema of an answer with embeddings wants an id. */
export const withId = (answer: Answer, id: string): { body: Uint8Array | string } =>
  answer.json()['id'] === undefined ? withSpliced(answer, { id }) : answer;

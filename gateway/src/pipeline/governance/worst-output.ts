import { isObject, thinkingBudgets, type JsonObject } from 'sluice/kit';

type Members = (body: JsonObject) => readonly unknown[];

/** OpenAI's chat takes both names, and vendors that follow it look at one of them, or at the other. */
const chat: Members = (body) => [body['max_completion_tokens'], body['max_tokens']];
const anthropic: Members = (body) => [body['max_tokens']];
const responses: Members = (body) => [body['max_output_tokens']];
const gemini: Members = (body) =>
  [inner(body, 'generationConfig'), inner(body, 'generation_config')].flatMap((config) => [
    config['maxOutputTokens'],
    config['max_output_tokens'],
  ]);
const converse: Members = (body) => [inner(body, 'inferenceConfig')['maxTokens']];
const ollama: Members = (body) => [inner(body, 'options')['num_predict']];

/** Where the body of a route says how long its answer may be. What a format does not know bounds nothing in it. */
const byRoute: Readonly<Record<string, Members>> = {
  chat,
  cursor_chat: (body) => (body['messages'] === undefined ? responses : chat)(body),
  completions: chat,
  responses,
  messages: anthropic,
  raw_predict: anthropic,
  stream_raw_predict: anthropic,
  generate_content: gemini,
  stream_generate_content: gemini,
  converse,
  converse_stream: converse,
  ollama_chat: ollama,
  ollama_generate: ollama,
  cohere_chat: anthropic,
};

/** Where it is not known which format a body is in. */
const anyFormat: Members = (body) => [chat, responses, gemini, converse, ollama].flatMap((members) => members(body));

/**
 * How many tokens one answer may have at most, by what the request says. Where it says it twice, the larger one: which of them
 * its provider goes by, its provider decides. Where a bound leaves no room for the thinking that is asked for, it is raised by as
 * much on its way to Claude.
 * @returns undefined: it does not say, or says in one place that there is no bound
 */
export const saidOutputTokens = (route: string, body: JsonObject): number | undefined => {
  const members = Object.hasOwn(byRoute, route) ? byRoute[route]! : anyFormat;
  const said = most(members(body));
  if (said === undefined) return undefined;
  const thought = thinkingTokens(body);
  return thought >= said ? said + thought : said;
};

const thinkingTokens = (body: JsonObject): number => {
  const [thinking, reasoning] = [inner(body, 'thinking'), inner(body, 'reasoning')];
  const effort = body['reasoning_effort'] ?? reasoning['effort'] ?? inner(body, 'output_config')['effort'];
  const ofEffort = typeof effort === 'string' && Object.hasOwn(thinkingBudgets, effort) ? budgets[effort] : undefined;
  const isAsked = thinking['type'] === 'enabled' || reasoning['enabled'] === true;
  return most([thinking['budget_tokens'], reasoning['max_tokens'], ofEffort]) ?? (isAsked ? thinkingBudgets.medium : 0);
};

const budgets: Readonly<Record<string, number>> = thinkingBudgets;

/** Some servers take a number in quotes for one, and less than nothing for no bound (Ollama's and llama.cpp's -1): nobody knows then. */
const most = (values: readonly unknown[]): number | undefined => {
  let found: number | undefined;
  for (const value of values) {
    if (value === undefined || value === null) continue;
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) return undefined;
    if (value > (found ?? 0)) found = value;
  }
  return found;
};

const nothing: JsonObject = {};

const inner = (body: JsonObject, name: string): JsonObject => {
  const value = body[name];
  return isObject(value) ? value : nothing;
};

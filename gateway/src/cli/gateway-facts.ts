import type { Agent } from './agents/agent.ts';
import { Refusal, type Io } from './io.ts';

const timeoutMs = 10_000;

/** Asks a running gateway which models it lists. @throws Refusal that says what to do */
export const modelsOf = async (url: string, key: { value: string; from: string } | undefined, io: Pick<Io, 'fetch'>): Promise<string[]> => {
  const answer = await ask(`${url}/v1/models`, url, key?.value, io);
  if (answer.status === 401 || answer.status === 403) {
    const how = 'Give one with SLUICE_API_KEY or --key.';
    throw new Refusal(
      key === undefined ? `The gateway on ${url} wants a key. ${how}` : `The gateway on ${url} refuses the key from ${key.from}. ${how}`,
    );
  }
  const body: unknown = answer.ok ? await answer.json().catch(() => undefined) : undefined;
  const data = (body as { data?: unknown } | undefined)?.data;
  if (!Array.isArray(data))
    throw new Refusal(`What answers on ${url} is no gateway: it answered ${answer.status} when asked for its models.`);
  return (data as { id?: unknown }[]).flatMap(({ id }) => (typeof id === 'string' ? [id] : []));
};

/** @throws Refusal where the gateway does not serve a model of that name */
export const demandModel = async (model: string, url: string, key: string, io: Pick<Io, 'fetch'>): Promise<void> => {
  const answer = await ask(`${url}/v1/models/${encodeURIComponent(model)}`, url, key, io);
  if (answer.status !== 404) return void (await answer.body?.cancel());
  const body = (await answer.json().catch(() => undefined)) as { error?: { message?: unknown } } | undefined;
  const message = body?.error?.message;
  throw new Refusal(typeof message === 'string' ? message : `The gateway on ${url} does not serve '${model}'.`);
};

const ask = async (address: string, url: string, key: string | undefined, { fetch }: Pick<Io, 'fetch'>): Promise<Response> => {
  try {
    return await fetch(address, {
      headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
      signal: AbortSignal.timeout(timeoutMs),
      // A key must not follow to wherever an answer points.
      redirect: 'manual',
    });
  } catch {
    throw new Refusal(
      `No gateway answers on ${url}. Start one with \`sluice\` in another terminal, or say where it is with SLUICE_URL or --url.`,
    );
  }
};

const noChat = /embed|rerank|whisper|tts|transcri|dall-e|image|moderation/;
const small = /haiku|mini|nano|flash|small/;

/**
 * The model that an agent gets where nobody said which: one that suits it, else its own choice where the gateway takes any
 * of its vendor's, else the first.
 * @throws Refusal where there is nothing to choose from
 */
export const chooseModel = (agent: Pick<Agent, 'name' | 'prefers' | 'vendor'>, listed: readonly string[]): string | undefined => {
  const named = listed.filter((id) => !id.includes('*') && !noChat.test(id));
  for (const pattern of agent.prefers) {
    const found = named.find((id) => pattern.test(id) && !small.test(id)) ?? named.find((id) => pattern.test(id));
    if (found !== undefined) return found;
  }
  if (agent.vendor !== undefined && listed.includes(`${agent.vendor}/*`)) return undefined;
  const [first] = named;
  if (first !== undefined) return first;
  const such = listed.length === 0 ? '' : ` It lists ${listed.slice(0, 5).join(', ')}.`;
  throw new Refusal(`Which model? Say it before the agent: sluice run --model NAME ${agent.name}.${such}`);
};

/** The model for small tasks: a small one of the same vendor if there is one, else the same. */
export const chooseSmall = (model: string | undefined, listed: readonly string[]): string | undefined => {
  if (model === undefined) return undefined;
  const family = /claude|gpt|gemini|mistral|llama|qwen/.exec(model)?.[0];
  return (family && listed.find((id) => !id.includes('*') && !noChat.test(id) && id.includes(family) && small.test(id))) || model;
};

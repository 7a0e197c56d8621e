import { describe, expect, test } from 'bun:test';
import { completion, embedding, Router, type RouterConfig, type RouterModel, type SluiceError } from '../index.ts';

const answered = (text: string) => ({
  id: 'c',
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
});

type Answers = Record<string, (body: Record<string, unknown>) => Response | Promise<Response>>;

/** A router over servers that are functions, by host. */
const routerOver = (answers: Answers, config: Omit<RouterConfig, 'fetch'>) => {
  const asked: string[] = [];
  const router = new Router({
    env: {},
    ...config,
    fetch: async (url, { body }) => {
      const { host } = new URL(String(url));
      asked.push(host);
      return answers[host]!(JSON.parse(String(body)) as Record<string, unknown>);
    },
  });
  return { router, asked };
};

const at = (host: string, name = 'm', more: Partial<RouterModel> = {}): RouterModel => ({
  name,
  model: `openai/${host}`,
  baseUrl: `https://${host}/v1`,
  apiKey: 'k',
  ...more,
});
const ok = (text: string) => () => Response.json(answered(text));
const down = () => new Response('no', { status: 503 });
const messages = [{ role: 'user' as const, content: 'Hello' }];

describe('Router', () => {
  test('another deployment answers where one fails, and is then asked first', async () => {
    const { router, asked } = routerOver({ a: down, b: ok('B') }, { models: [at('a', 'm', { order: 1 }), at('b', 'm', { order: 2 })] });
    for (let call = 0; call < 3; call++) {
      const answer = await router.completion({ model: 'm', messages });
      expect(answer.choices[0]!.message.content).toBe('B');
    }
    expect(asked).toEqual(['a', 'b', 'b', 'b']);
  });

  test('names fall back to names, with members of their own', async () => {
    const bodies: unknown[] = [];
    const { router } = routerOver(
      {
        a: down,
        b: (body) => {
          bodies.push(body);
          return ok('B')();
        },
      },
      {
        models: [at('a'), at('b', 'other')],
        maxRetries: 0,
        fallbacks: { m: [{ name: 'other', overrides: { temperature: 0 } }] },
      },
    );
    const answer = await router.completion({ model: 'm', messages, temperature: 1 });
    expect(answer.choices[0]!.message.content).toBe('B');
    expect(bodies).toMatchObject([{ model: 'b', temperature: 0, messages }]);
  });

  test("a strategy is a function, and LiteLLM's form of a model list is taken", async () => {
    const { router, asked } = routerOver(
      { a: ok('A'), b: ok('B') },
      {
        models: [
          { model_name: 'm', litellm_params: { model: 'openai/a', api_base: 'https://a/v1', api_key: 'k' }, model_info: { id: 'first' } },
          { model_name: 'm', litellm_params: { model: 'openai/b', api_base: 'https://b/v1', api_key: 'k', temperature: 0.5 } },
        ],
        strategy: (candidates) => candidates.find(({ deployment }) => deployment.id === '1')!,
      },
    );
    await router.completion({ model: 'm', messages });
    await router.completion({ model: 'first', messages });
    expect(asked).toEqual(['b', 'a']);
  });

  test('input and output tokens a minute are limits of a model, and are not sent to it', async () => {
    const bodies: Record<string, unknown>[] = [];
    const { router, asked } = routerOver(
      { a: ok('A'), b: ok('B'), c: (body) => (bodies.push(body), Response.json(answered('C'))) },
      {
        models: [
          at('a', 'm', { otpm: 0, order: 1 }),
          { model_name: 'm', litellm_params: { model: 'openai/b', api_base: 'https://b/v1', api_key: 'k', otpm: 0, order: 2 } },
          { model_name: 'm', litellm_params: { model: 'openai/c', api_base: 'https://c/v1', api_key: 'k', itpm: 9, otpm: 9, order: 3 } },
        ],
        enforceLimits: true,
      },
    );
    await router.completion({ model: 'm', messages });
    expect(asked).toEqual(['c']);
    expect(bodies).toEqual([{ model: 'c', messages }]);
  });

  test('a stream keeps its place until it is over', async () => {
    const chunk = (content: string) =>
      `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content } }] })}\n\n`;
    const streamed = () =>
      new Response(`${chunk('One')}${chunk(' two')}data: [DONE]\n\n`, { headers: { 'content-type': 'text/event-stream' } });
    const { router } = routerOver({ a: streamed }, { models: [at('a', 'm', { maxParallelRequests: 1 })], queue: { maxSize: 0 } });
    const first = await router.completion({ model: 'm', messages, stream: true });
    const refused = (await router.completion({ model: 'm', messages }).catch((error: unknown) => error)) as SluiceError;
    expect(refused).toMatchObject({ code: 'rate_limited', retryAfterMs: expect.any(Number) as number });
    let text = '';
    for await (const { choices } of first) text += choices[0]?.delta.content ?? '';
    expect(text).toBe('One two');
    expect(await router.completion({ model: 'm', messages, stream: true })).toBeDefined();
  });

  test('other functions take it as an option, and what its models say cannot be said again', async () => {
    const { router } = routerOver(
      {
        a: () =>
          Response.json({
            object: 'list',
            data: [{ object: 'embedding', index: 0, embedding: [1] }],
            model: 'a',
            usage: { prompt_tokens: 1, total_tokens: 1 },
          }),
      },
      { models: [at('a')] },
    );
    expect((await embedding({ model: 'm', input: 'x', router })).data[0]!.embedding).toEqual([1]);
    expect(await completion({ model: 'm', messages, router, apiKey: 'mine' }).catch((error: unknown) => error)).toMatchObject({
      param: 'apiKey',
    });
    expect(await router.completion({ model: 'n', messages }).catch((error: unknown) => error)).toMatchObject({ code: 'not_found' });
  });

  test('what cannot be a router says so', () => {
    expect(() => new Router({ models: [] })).toThrow(/'models' is empty/);
    expect(() => new Router({ models: [{ name: '', model: 'openai/a' }] })).toThrow(/needs a name/);
    const wrong: [config: object, message: RegExp][] = [
      [{ model_list: [] }, /'models' must be a list.*'model_list' is called 'models' here/],
      [{ models: [at('a')], fallback: {} }, /A router has no 'fallback' \(did you mean 'fallbacks'\?\)/],
      [{ models: [{ ...at('a'), maxParalelRequests: 3 }] }, /no 'maxParalelRequests' \(did you mean 'maxParallelRequests'\?\)/],
      [{ models: [at('a')], fallbacks: [{ m: ['n'] }] }, /'fallbacks' must be an object of lists/],
      [{ models: [at('a')], fallbacks: { m: 'n' } }, /'fallbacks' must be an object of lists/],
    ];
    for (const [config, message] of wrong) expect(() => new Router(config as RouterConfig)).toThrow(message);
  });
});

test('without a router, a call falls back to other models with their own keys alone', async () => {
  const asked: [string, string | null][] = [];
  const answer = await completion({
    model: 'openai/gpt-4o',
    messages,
    apiKey: 'of-openai',
    maxRetries: 0,
    fallbacks: ['groq/llama-3.3-70b-versatile'],
    env: { GROQ_API_KEY: 'of-groq' },
    fetch: async (url, { headers }) => {
      const { host } = new URL(String(url));
      asked.push([host, new Headers(headers as Record<string, string>).get('authorization')]);
      return host === 'api.groq.com' ? ok('G')() : down();
    },
  });
  expect(answer.choices[0]!.message.content).toBe('G');
  expect(asked).toEqual([
    ['api.openai.com', 'Bearer of-openai'],
    ['api.groq.com', 'Bearer of-groq'],
  ]);
});

describe('midStreamFallback', () => {
  const delta = (content: string, finish: string | null = null) =>
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta: { content }, finish_reason: finish }] })}\n\n`;
  const streamed = (...events: string[]) => new Response(events.join(''), { headers: { 'content-type': 'text/event-stream' } });
  const models = [at('a', 'm', { order: 1 }), at('b', 'm', { order: 2 })];
  const servers: Answers = {
    a: () => streamed(delta('The capital of '), delta('France is')),
    b: ({ messages: told }) =>
      streamed(
        delta((told as { content: string }[]).at(-2)!.content === 'The capital of France is' ? ' Paris.' : '?'),
        delta('', 'stop'),
        'data: [DONE]\n\n',
      ),
  };
  const textOf = async (router: Router) => {
    let text = '';
    for await (const chunk of await router.completion({ model: 'm', messages, stream: true }))
      text += chunk.choices[0]?.delta.content ?? '';
    return text;
  };

  test('a stream that breaks off goes on at another deployment, which is not blamed for the first', async () => {
    const { router, asked } = routerOver(servers, { models, midStreamFallback: true });
    expect(await textOf(router)).toBe('The capital of France is Paris.');
    expect(asked).toEqual(['a', 'b']);
  });

  test('not unless it is switched on', async () => {
    const { router, asked } = routerOver(servers, { models });
    await expect(textOf(router)).rejects.toThrow(/before the answer was complete/);
    expect(asked).toEqual(['a']);
  });
});

describe('what a call asks for', () => {
  const answers: Answers = { a: ok('a'), b: ok('b'), c: ok('c') };
  const ask = async (models: readonly RouterModel[], route: object, config: Partial<RouterConfig> = {}) => {
    const { router, asked } = routerOver(answers, { strategy: 'simple-shuffle', maxRetries: 0, ...config, models });
    for (let call = 0; call < 20; call++) await router.completion({ model: 'm', messages, route });
    return [...new Set(asked)].sort().join(' ');
  };

  test('tags choose among models that have any', async () => {
    const models = [at('a', 'm', { tags: ['fast'] }), at('b', 'm', { tags: ['default'] })];
    expect(await ask(models, { tags: ['fast'] })).toBe('a');
    expect(await ask(models, {})).toBe('b');
    expect(await ask(models, { tags: ['fast'] }, { tagFiltering: false })).toBe('a b');
    expect(await ask([at('a'), at('b')], { tags: ['fast'] })).toBe('a b');
    const litellm = {
      model_name: 'm',
      litellm_params: { ...models[0], model: 'openai/a', api_base: 'https://a/v1', api_key: 'k', tags: ['slow'] },
    };
    expect(await ask([litellm as never, models[1]!], { tags: ['slow'] })).toBe('a');
  });

  test('a region is kept, or the call is refused (FP-88)', async () => {
    const models = [at('a', 'm', { region: 'eu-west-1' }), at('b')];
    expect(await ask(models, { regions: ['eu'] })).toBe('a');
    await expect(ask(models, { regions: ['us'] })).rejects.toMatchObject({ code: 'invalid_request' });
  });

  test('what models can and cost, as far as it is said', async () => {
    const models = [
      at('a', 'm', { facts: { lacks: new Set(['vision']), inputUsdPerToken: 1e-6 } }),
      at('b', 'm', { facts: { maxInputTokens: 10 } }),
      at('c', 'm'),
    ];
    const needs = (abilities: string[], inputTokens = 1) => ({ needs: () => ({ abilities, inputTokens }) });
    expect(await ask(models, needs(['vision']))).toBe('b c');
    expect(await ask(models, needs(['vision'], 100))).toBe('c');
    expect(await ask(models, { maxInputUsdPerMillion: 1 })).toBe('a');
    expect(await ask(models.slice(0, 1), needs(['vision']))).toBe('a');
    await expect(ask(models.slice(0, 1), needs(['vision']), { preCallChecks: true })).rejects.toMatchObject({ code: 'invalid_request' });
  });

  test('filters of one’s own come after', async () => {
    const notA = { name: 'not-a', keep: (all: readonly never[]) => all.slice(1), refusal: () => new Error('none') as never };
    expect(await ask([at('a'), at('b')], {}, { filters: [notA] })).toBe('b');
  });
});

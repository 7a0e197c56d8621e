// The same program on every runtime: `program.mjs <address of the upstream>`. One JSON line a check.
import {
  SluiceError,
  batchCompletion,
  completion,
  embedding,
  errorCodes,
  generateContent,
  messages,
  responses,
  textCompletion,
} from 'sluice';

const upstream = globalThis.process.argv[2];
// Keys and addresses come from the environment, as they do for the vendors' own packages.
const own = { maxRetries: 0 };
const user = (content) => [{ role: 'user', content }];
const gpt = 'openai/some-model';
const claude = 'anthropic/claude-sonnet-4-5';

const equal = (got, wanted) => {
  if (got !== wanted) throw new Error(`got ${JSON.stringify(got)}, wanted ${JSON.stringify(wanted)}`);
};
const failure = async (pending) => {
  try {
    await pending;
  } catch (error) {
    return error;
  }
  throw new Error('no failure');
};
const seen = async () => (await fetch(`${upstream}/seen`)).json();
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
/** Whether the provider saw the last caller leave, within a second. */
const left = async () => {
  for (let tries = 0; tries < 50; tries++) {
    if ((await seen()).at(-1).left) return true;
    await sleep(20);
  }
  return false;
};

const checks = {
  async completion() {
    const { choices, usage } = await completion({ model: gpt, messages: user('Grüße 👋'), ...own });
    equal(choices[0].message.content, 'Grüße 👋');
    equal(usage.total_tokens, 5);
  },
  async stream() {
    let text = '';
    const stream = await completion({ model: gpt, messages: user('Grüße 👋'), stream: true, ...own });
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    equal(text, 'Grüße 👋');
  },
  async 'leaving the loop cancels the call'() {
    for await (const chunk of await completion({ model: gpt, messages: user('endless'), stream: true, ...own })) {
      if (chunk.choices[0]?.delta.content) break;
    }
    equal(await left(), true);
  },
  async 'another vendor’s model'() {
    const { choices } = await completion({ model: claude, messages: user('Hello'), ...own });
    equal(choices[0].message.content, 'Hello');
  },
  async textCompletion() {
    equal((await textCompletion({ model: claude, prompt: 'Hello', ...own })).choices[0].text, 'Hello');
  },
  async responses() {
    const { output } = await responses({ model: claude, input: 'Hello', ...own });
    equal(output[0].content[0].text, 'Hello');
    let text = '';
    for await (const event of await responses({
      model: 'groq/some-model',
      input: 'Hello',
      stream: true,
      baseUrl: `${upstream}/v1`,
      apiKey: 'k',
      ...own,
    }))
      if (event.type === 'response.output_text.delta') text += event.delta;
    equal(text, 'Hello');
  },
  async messages() {
    const { content } = await messages({ model: gpt, max_tokens: 9, messages: user('Hello'), ...own });
    equal(content[0].text, 'Hello');
    let text = '';
    for await (const event of await messages({ model: gpt, max_tokens: 9, messages: user('Hello'), stream: true, ...own }))
      if (event.type === 'content_block_delta') text += event.delta.text;
    equal(text, 'Hello');
  },
  async generateContent() {
    const contents = [{ role: 'user', parts: [{ text: 'Hello' }] }];
    const { candidates } = await generateContent({ model: gpt, contents, ...own });
    equal(candidates[0].content.parts[0].text, 'Hello');
    let text = '';
    for await (const chunk of await generateContent({ model: gpt, contents, stream: true, ...own }))
      text += chunk.candidates?.[0]?.content?.parts?.map((part) => part.text ?? '').join('') ?? '';
    equal(text, 'Hello');
  },
  async embedding() {
    const { data } = await embedding({ model: gpt, input: ['one', 'two'], ...own });
    equal(data.length, 2);
    equal(data[1].embedding[1], -0.25);
  },
  async batchCompletion() {
    const answers = await batchCompletion([
      { model: gpt, messages: user('One'), ...own },
      { model: gpt, messages: user('too fast'), ...own },
    ]);
    equal(answers[0].choices[0].message.content, 'One');
    equal(answers[1].code, 'rate_limited');
  },
  async 'errors by class'() {
    const error = await failure(completion({ model: gpt, messages: user('too fast'), ...own }));
    equal(error instanceof SluiceError && SluiceError.is(error) && error instanceof Error, true);
    equal(`${error.name} ${error.code} ${error.status} ${error.retry} ${error.retryAfterMs}`, 'RateLimitError rate_limited 429 true 7000');
    equal(errorCodes[error.code].name, error.name);
    equal(error.upstream.requestId, 'req_7');
    equal(error.message.includes('Slow down.'), true);
  },
  async 'no connection is an error of its own'() {
    const error = await failure(completion({ model: gpt, messages: user('x'), baseUrl: 'http://127.0.0.1:9/v1', ...own }));
    equal(error.code, 'connection');
  },
  async AbortSignal() {
    const controller = new AbortController();
    const pending = failure(completion({ model: gpt, messages: user('silence'), signal: controller.signal, ...own }));
    await sleep(50);
    controller.abort();
    equal((await pending).code, 'client_closed_request');
    equal(await left(), true);
    const late = await failure(completion({ model: gpt, messages: user('silence'), timeoutMs: 100, ...own }));
    equal(late.name, 'Timeout');
  },
  async 'a fetch of one’s own'() {
    const paths = [];
    const spy = (url, init) => {
      paths.push(new URL(url).pathname);
      return fetch(url, init);
    };
    await completion({ model: gpt, messages: user('Hello'), fetch: spy, ...own });
    equal(paths.join(), '/v1/chat/completions');
  },
  async mockResponse() {
    const before = (await seen()).length;
    const { choices } = await completion({ model: gpt, messages: user('x'), mockResponse: 'It is sunny.' });
    equal(choices[0].message.content, 'It is sunny.');
    equal((await seen()).length, before);
  },
  async 'keys from the environment, and from options before it'() {
    await completion({ model: gpt, messages: user('x'), ...own });
    equal((await seen()).at(-1).key, 'Bearer sk-of-the-environment');
    await completion({ model: gpt, messages: user('x'), apiKey: 'sk-of-the-call', ...own });
    equal((await seen()).at(-1).key, 'Bearer sk-of-the-call');
    const error = await failure(completion({ model: gpt, messages: user('x'), env: {}, ...own }));
    equal(error.code, 'authentication');
    equal(error.message.includes('OPENAI_API_KEY'), true);
  },
  async 'sluice/kit'() {
    const { exchange, providers } = await import('sluice/kit');
    equal(typeof exchange, 'function');
    equal(providers.list.length > 10, true);
  },
};

for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    console.log(JSON.stringify({ name, passed: true }));
  } catch (error) {
    console.log(JSON.stringify({ name, passed: false, problem: String(error?.stack ?? error) }));
  }
}

import { describe, expect, test } from 'bun:test';
import type { Clock } from '../../lib/clock.ts';
import { Canceller } from '../../transport/canceller.ts';
import { SluiceError } from '../../types/index.ts';
import { createSemanticRouter, type EmbedTexts, type SemanticRoute } from './semantic.ts';

/** Each text says its own vector. */
const table: Readonly<Record<string, readonly number[]>> = {
  'write code': [1, 0, 0],
  'fix a bug': [0.9, 0.1, 0],
  'write a poem': [0, 1, 0],
  'sing a song': [0, 0.9, 0.1],
  'how do I program this': [0.95, 0.05, 0],
  'rhyme on summer': [0.05, 0.95, 0],
  weather: [0, 0, 1],
};

const routes: readonly SemanticRoute[] = [
  { name: 'coder', utterances: ['write code', 'fix a bug'], scoreThreshold: 0.5 },
  { name: 'poet', utterances: ['write a poem', 'sing a song'] },
];

const rig = (answer: (texts: readonly string[]) => Promise<readonly (readonly number[])[]> | undefined = () => undefined) => {
  const calls: (readonly string[])[] = [];
  const embed: EmbedTexts = async (texts) => {
    calls.push(texts);
    return (await answer(texts)) ?? texts.map((text) => table[text] ?? [0, 0, 0]);
  };
  let now = 0;
  const sleeps: { until: number; resolve: () => void }[] = [];
  const clock: Clock = {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        sleeps.push({ until: now + ms, resolve });
        signal?.addEventListener('abort', () => reject(signal.reason as Error));
      }),
  };
  const pass = (ms: number) => {
    now += ms;
    for (const { until, resolve } of sleeps) if (until <= now) resolve();
  };
  const router = createSemanticRouter({ routes, defaultModel: 'usual', clock });
  return { calls, pass, choose: (text: string, signal = new Canceller()) => router.choose(text, embed, signal) };
};

describe('semantic routing', () => {
  test('the route whose utterances are nearest answers', async () => {
    const { choose } = rig();
    expect(await choose('how do I program this')).toMatchObject({ model: 'coder', nearest: 'coder' });
    expect(await choose('  rhyme on summer ')).toMatchObject({ model: 'poet', nearest: 'poet' });
  });

  test('what is like none goes to the default model, and says so', async () => {
    const { choose } = rig();
    const choice = await choose('weather');
    expect(choice).toMatchObject({ model: 'usual', why: 'below the threshold' });
    expect(choice.score).toBeLessThan(0.3);
  });

  test("a route's own threshold holds", async () => {
    const { choose } = rig(async (texts) => texts.map((text) => (text === 'half' ? [0.45, 0, 0.9] : table[text]!)));
    expect(await choose('half')).toMatchObject({ model: 'usual', nearest: 'coder', why: 'below the threshold' });
  });

  test('utterances are asked for once, in one batch; a text that came before is not asked for again', async () => {
    const { choose, calls } = rig();
    await Promise.all([choose('weather'), choose('rhyme on summer')]);
    await choose('weather');
    expect(calls.filter((texts) => texts.length > 1)).toEqual([['write code', 'fix a bug', 'write a poem', 'sing a song']]);
    expect(calls.filter((texts) => texts.length === 1)).toHaveLength(2);
  });

  test('many utterances are asked for in batches that every provider takes', async () => {
    const sizes: number[] = [];
    const router = createSemanticRouter({
      routes: [{ name: 'a', utterances: Array.from({ length: 200 }, (_, at) => `u${at}`) }],
      defaultModel: 'usual',
    });
    const embed: EmbedTexts = async (texts) => {
      sizes.push(texts.length);
      return texts.map(() => [1, 0]);
    };
    expect(await router.choose('x', embed, new Canceller())).toMatchObject({ model: 'a' });
    expect(sizes.toSorted((a, b) => a - b)).toEqual([1, 8, 96, 96]);
  });

  test('without vectors the default model answers, and for a while nobody asks for them', async () => {
    let fail = true;
    const { choose, calls, pass } = rig((texts) =>
      fail ? Promise.reject(new Error('down')) : Promise.resolve(texts.map((t) => table[t]!)),
    );
    expect(await choose('weather')).toEqual({ model: 'usual', why: 'no vectors' });
    const asked = calls.length;
    expect(await choose('rhyme on summer')).toEqual({ model: 'usual', why: 'no vectors' });
    expect(calls).toHaveLength(asked);
    fail = false;
    pass(10_001);
    expect(await choose('rhyme on summer')).toMatchObject({ model: 'poet' });
  });

  test('a text that the embedding model refuses keeps no other from being compared', async () => {
    const refused = new SluiceError('invalid_request', 'bad text', { upstream: {}, retry: false });
    const { choose } = rig((texts) => (texts[0] === 'poison' ? Promise.reject(refused) : undefined));
    await choose('weather');
    expect(await choose('poison')).toMatchObject({ model: 'usual', why: 'no vectors' });
    expect(await choose('how do I program this')).toMatchObject({ model: 'coder' });
  });

  test('vectors that come too late are not waited for', async () => {
    const { choose, pass } = rig(() => new Promise(() => {}));
    const choice = choose('weather');
    await Promise.resolve();
    pass(5001);
    expect(await choice).toEqual({ model: 'usual', why: 'no vectors' });
  });

  test('answers that are none are failures: another count, another length', async () => {
    for (const answer of [
      async () => [[1, 0, 0]],
      async (texts: readonly string[]) => texts.map((_, at) => (texts.length > 1 ? [at, 1] : [1, 0, 0])),
    ])
      expect(await rig(answer).choose('weather')).toEqual({ model: 'usual', why: 'no vectors' });
  });

  test('another model behind the name: the utterances are asked for again', async () => {
    let wide = false;
    const { choose, pass } = rig(async (texts) => texts.map((text) => (wide ? [...table[text]!, 0] : table[text]!)));
    await choose('weather');
    wide = true;
    expect(await choose('rhyme on summer')).toMatchObject({ why: 'no vectors' });
    pass(10_001);
    expect(await choose('rhyme on summer')).toMatchObject({ model: 'poet' });
  });

  test('nothing to compare: no text, no vector', async () => {
    const { choose, calls } = rig();
    expect(await choose('   ')).toEqual({ model: 'usual', why: 'nothing to compare' });
    expect(calls).toEqual([]);
  });

  test('a client that leaves is not answered by the default model', async () => {
    const { choose } = rig(() => new Promise(() => {}));
    const left = new Canceller();
    const choice = choose('weather', left);
    await Promise.resolve();
    left.abort(new Error('left'));
    await expect(choice).rejects.toThrow('left');
  });

  test('a long text is asked for by its beginning and its end', async () => {
    const { choose, calls } = rig();
    await choose(`begin ${'x'.repeat(100_000)} end`);
    const text = calls.find((texts) => texts.length === 1)![0]!;
    expect(text.length).toBeLessThanOrEqual(6001);
    expect(text).toStartWith('begin ');
    expect(text).toEndWith(' end');
  });
});

import { describe, expect, test } from 'bun:test';
import { Canceller, type EmbedTexts } from 'sluice/kit';
import type { AutoRouter, Deployment } from '../config/snapshot.ts';
import { createAutoRouting, type ChoiceWorld } from './auto-routing.ts';

const routingOf = (routers: Record<string, AutoRouter>, aliases = {}) =>
  createAutoRouting({
    deployments: Object.entries(routers).map(([modelName, autoRouter]) => ({ modelName, autoRouter }) as Deployment),
    aliases,
  })!;
const world = (more: Partial<ChoiceWorld> = {}): ChoiceWorld => ({
  isHealthy: () => true,
  embedder: () => () => Promise.reject(new Error('none')),
  signal: new Canceller(),
  random: () => 0,
  ...more,
});
const complexity = (tiers: Record<string, string[]>, defaultModel?: string): AutoRouter => ({
  kind: 'complexity',
  tiers,
  boundaries: {},
  tokenThresholds: {},
  weights: {},
  keywords: {},
  ...(defaultModel !== undefined && { defaultModel }),
});
const easy = { prompt: 'What is 2+2?' };
const hard = { prompt: 'Think step by step and prove that this Python function for a distributed database terminates' };

test('where there is no such name, nothing is looked at', () => {
  expect(createAutoRouting({ deployments: [{ modelName: 'm' } as Deployment], aliases: {} })).toBeUndefined();
});

describe('by complexity', () => {
  const all = { SIMPLE: ['small'], MEDIUM: ['middle'], COMPLEX: ['large'], REASONING: ['thinker'] };

  test('the tier says the model, and the score says why', async () => {
    const routing = routingOf({ auto: complexity(all) });
    expect(await routing.choose('auto', easy, world())).toEqual({ model: 'small', by: 'complexity: SIMPLE score=-0.15 -> small' });
    expect(await routing.choose('auto', hard, world())).toMatchObject({ model: 'thinker' });
  });

  test('an alias is as good as the name', () => {
    const routing = routingOf({ auto: complexity(all) }, { best: { model: 'auto', hidden: false } });
    expect([routing.has('best'), routing.has('auto'), routing.has('other')]).toEqual([true, true, false]);
  });

  test('of several, one that can be asked; where none can, any', async () => {
    const routing = routingOf({ auto: complexity({ SIMPLE: ['a', 'b', 'c'] }) });
    const of = (isHealthy: (name: string) => boolean, random: number) =>
      routing.choose('auto', easy, world({ isHealthy, random: () => random })).then(({ model }) => model);
    expect(await of((name) => name === 'b', 0)).toBe('b');
    expect([await of(() => true, 0), await of(() => true, 0.5), await of(() => true, 0.99)]).toEqual(['a', 'b', 'c']);
    expect(await of(() => false, 0.99)).toBe('c');
  });

  test('a tier without models: the default, else a harder tier, else an easier one', async () => {
    const of = (router: AutoRouter, body: { prompt: string }) => routingOf({ auto: router }).choose('auto', body, world());
    expect(await of(complexity({ REASONING: ['thinker'] }, 'usual'), easy)).toMatchObject({ model: 'usual' });
    expect(await of(complexity({ COMPLEX: ['large'], REASONING: ['thinker'] }), easy)).toMatchObject({ model: 'large' });
    expect(await of(complexity({ SIMPLE: ['small'], MEDIUM: ['middle'] }), hard)).toMatchObject({ model: 'middle' });
  });
});

describe('by likeness', () => {
  const semantic: AutoRouter = {
    kind: 'semantic',
    routes: [{ name: 'coder', utterances: ['write code'], scoreThreshold: 0.5 }],
    defaultModel: 'usual',
    embeddingModel: 'vectors',
  };
  const embed: EmbedTexts = async (texts) => texts.map((text) => (/code/.test(text) ? [1, 0] : [0.4, 0.9]));

  test('the route, or the default, each with its reason', async () => {
    const asked: string[] = [];
    const own = world({
      embedder: (model) => {
        asked.push(model);
        return embed;
      },
    });
    const routing = routingOf({ auto: semantic });
    expect(await routing.choose('auto', { prompt: 'some code' }, own)).toEqual({ model: 'coder', by: 'semantic: coder score=1 -> coder' });
    expect(await routing.choose('auto', { prompt: 'a song' }, own)).toEqual({
      model: 'usual',
      by: 'semantic: coder score=0.406 below the threshold -> usual',
    });
    expect(asked).toEqual(['vectors', 'vectors']);
  });

  test('another list of deployments does not ask for the examples again', async () => {
    let asked = 0;
    const own = world({
      embedder: () => (texts, signal) => {
        asked += texts.length;
        return embed(texts, signal);
      },
    });
    const router = { ...semantic };
    await routingOf({ auto: router }).choose('auto', { prompt: 'some code' }, own);
    await routingOf({ auto: router, more: complexity({}, 'x') }).choose('auto', { prompt: 'more code' }, own);
    expect(asked).toBe(3);
  });

  test('without vectors, the default', async () => {
    const routed = await routingOf({ auto: { ...semantic } }).choose('auto', { prompt: 'x' }, world());
    expect(routed).toEqual({ model: 'usual', by: 'semantic: no vectors -> usual' });
  });
});

test('one choice may lead to another; a circle is an error', async () => {
  const routing = routingOf({ a: complexity({}, 'b'), b: complexity({}, 'm'), round: complexity({}, 'round') });
  expect(await routing.choose('a', easy, world())).toEqual({
    model: 'm',
    by: 'complexity: SIMPLE score=-0.15 -> b; complexity: SIMPLE score=-0.15 -> m',
  });
  await expect(routing.choose('round', easy, world())).rejects.toThrow('lead from one to another');
});

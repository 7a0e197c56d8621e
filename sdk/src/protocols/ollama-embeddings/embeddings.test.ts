import { expect, test } from 'bun:test';
import type { ToWireContext } from '../../types/index.ts';
import { ollamaEmbeddings, ollamaOldEmbeddings } from './index.ts';

const { request, response } = ollamaEmbeddings;
const dropped: string[] = [];
const context: ToWireContext = {
  model: 'nomic',
  provider: 'ollama',
  from: 'openai-embeddings',
  traits: {},
  quirks: {},
  dropParams: false,
  drop: (what) => void dropped.push(what),
  lacks: (parameter) => void dropped.push(parameter),
};

test('requests', () => {
  expect(
    request.toWire(
      { model: 'm', input: ['a', 'b'], dimensions: 4, user: 'u', unknown: { keep_alive: '5m', options: { num_ctx: 9 } } },
      context,
    ),
  ).toEqual({
    model: 'nomic',
    input: ['a', 'b'],
    dimensions: 4,
    keep_alive: '5m',
    options: { num_ctx: 9 },
  });
  expect(dropped).toEqual(['user']);
  expect(() => request.toWire({ model: 'm', input: [[1]], unknown: {} }, context)).toThrow('token ids');
});

test('both calls are read, and what only Ollama has goes back', () => {
  const read = request.fromWire({ model: 'm', input: 'a', truncate: false, options: { seed: 1 }, new_thing: 1 });
  expect(read).toEqual({
    model: 'm',
    input: ['a'],
    unknown: { new_thing: 1 },
    extra: { 'ollama-embeddings': { truncate: false, options: { seed: 1 } } },
  });
  expect(request.toWire(read, context)).toEqual({ model: 'nomic', input: ['a'], truncate: false, options: { seed: 1 }, new_thing: 1 });
  expect(request.fromWire({ model: 'm', prompt: 'old' }).input).toEqual(['old']);
  expect(() => request.fromWire({ model: 'm', input: [1] })).toThrow("'input[0]' must be a string");
});

test('answers', () => {
  expect(response.fromWire({ model: 'm', embeddings: [[1, 2]], prompt_eval_count: 3 })).toEqual({
    model: 'm',
    embeddings: [[1, 2]],
    usage: { inputTokens: 3, outputTokens: 0, raw: { prompt_eval_count: 3 } },
  });
  expect(response.fromWire({ embedding: [1] })).toEqual({ model: '', embeddings: [[1]] });
  expect(() => response.fromWire({ error: 'x' })).toThrow('without embeddings');
  expect(
    response.toWire(
      { model: '', embeddings: ['AACAPw==', [2]], usage: { inputTokens: 3, outputTokens: 0 } },
      { model: 'asked', encodingFormat: 'float' },
    ),
  ).toEqual({
    model: 'asked',
    embeddings: [[1], [2]],
    prompt_eval_count: 3,
  });
});

test('the older call has one vector', () => {
  const result = { model: 'm', embeddings: [[1, 2]], usage: { inputTokens: 1, outputTokens: 0 } };
  expect(ollamaOldEmbeddings.response.toWire(result, { model: 'm', encodingFormat: 'float' })).toEqual({ embedding: [1, 2] });
  expect(ollamaOldEmbeddings.request.fromWire({ model: 'm', prompt: 'p' }).input).toEqual(['p']);
});

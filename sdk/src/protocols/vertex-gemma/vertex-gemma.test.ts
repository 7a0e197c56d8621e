import { expect, test } from 'bun:test';
import { SluiceError, type ToWireContext } from '../../types/index.ts';
import { vertexGemma } from './index.ts';

const context: ToWireContext = {
  model: 'gemma-3-12b-it',
  provider: 'vertex_ai',
  from: 'openai-chat',
  traits: {},
  quirks: {},
  dropParams: false,
  drop: () => {},
  lacks: () => {},
};

test('a chat is one instance, without model and stream', () => {
  const { body } = vertexGemma.request.toWire(
    { model: 'm', messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }], maxOutputTokens: 9, stream: true, unknown: {} },
    context,
  );
  expect(body).toEqual({
    instances: [{ '@requestFormat': 'chatCompletions', messages: [{ role: 'user', content: 'Hi' }], max_tokens: 9 }],
  });
});

test.each([[(answer: object): unknown => answer], [(answer: object): unknown => [answer]]])('a prediction, alone or in a list', (put) => {
  const answer = {
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Hé.' } }],
    usage: { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8 },
  };
  const { candidates, usage } = vertexGemma.response.fromWire({ predictions: put(answer) });
  expect([candidates[0]!.content, candidates[0]!.finishReason, usage?.inputTokens]).toMatchObject([
    [{ type: 'text', text: 'Hé.' }],
    'stop',
    5,
  ]);
});

test('no prediction is no answer', () => expect(() => vertexGemma.response.fromWire({ predictions: [] })).toThrow(SluiceError));

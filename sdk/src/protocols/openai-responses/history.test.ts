import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../types/index.ts';
import { createResponseWatcher, needsProviderMemory, turnOf, turnsUpTo, withHistory, type StoredTurn } from './history.ts';

const answer = (id: string, ...output: JsonObject[]): JsonObject => ({ id, status: 'completed', output });
const said = (id: string, text: string): JsonObject => ({
  type: 'message',
  id,
  role: 'assistant',
  content: [{ type: 'output_text', text }],
});
const user = (content: string): JsonObject => ({ type: 'message', role: 'user', content });

describe('previous_response_id', () => {
  const store = new Map<string, StoredTurn>();
  const keep = (body: JsonObject, response: JsonObject) => {
    const turn = turnOf(body, response);
    if (turn) store.set(turn.id, JSON.parse(JSON.stringify(turn)));
    return turn;
  };

  test('FP-76: a conversation is put together from its turns; only what was new is kept of each', () => {
    const first = { model: 'm', input: 'one', instructions: 'Be kind.' };
    keep(first, answer('resp_1', { type: 'reasoning', id: 'rs_1', summary: [] }, said('msg_1', 'eins')));
    const second: JsonObject = { model: 'm', input: [user('two')], previous_response_id: 'resp_1', instructions: 'Be brief.' };
    const merged = withHistory(
      second,
      turnsUpTo('resp_1', (id) => store.get(id)),
    );
    expect(merged).toEqual({
      model: 'm',
      instructions: 'Be brief.',
      input: [user('one'), { type: 'reasoning', id: 'rs_1', summary: [] }, said('msg_1', 'eins'), user('two')],
    });
    keep(second, answer('resp_2', said('msg_2', 'zwei')));
    expect(store.get('resp_2')).toMatchObject({ id: 'resp_2', previous: 'resp_1', input: [user('two')], output: [said('msg_2', 'zwei')] });
    const third = withHistory(
      { model: 'm', input: 'three' },
      turnsUpTo('resp_2', (id) => store.get(id)),
    );
    expect((third['input'] as JsonObject[]).map(({ type, role }) => role ?? type)).toEqual([
      'user',
      'reasoning',
      'assistant',
      'user',
      'assistant',
      'user',
    ]);
  });

  test('a reference to an earlier item is the item, in its new place', () => {
    const turns = turnsUpTo('resp_1', (id) => store.get(id));
    const { input } = withHistory({ input: [{ type: 'item_reference', id: 'msg_1' }, { id: 'elsewhere' }] }, turns);
    expect(input).toEqual([user('one'), { type: 'reasoning', id: 'rs_1', summary: [] }, said('msg_1', 'eins'), { id: 'elsewhere' }]);
  });

  test('what is not kept', () => {
    expect(turnOf({ input: 'x', store: false }, answer('resp_3'))).toBeUndefined();
    expect(turnOf({ input: 'x' }, { ...answer('resp_3'), status: 'failed' })).toBeUndefined();
    expect(turnOf({ input: 'x' }, { output: [] })).toBeUndefined();
  });

  test('a turn that is not there, or a circle, is told as OpenAI tells it', () => {
    const error = expect.objectContaining({
      code: 'invalid_request',
      status: 400,
      param: 'previous_response_id',
      upstream: expect.objectContaining({ code: 'previous_response_not_found' }),
    });
    expect(() => turnsUpTo('resp_9', () => undefined)).toThrow(error);
    expect(() => turnsUpTo('a', () => ({ id: 'a', previous: 'a', input: [], output: [], rest: {} }))).toThrow(error);
  });

  test('what a provider without memory cannot do', () => {
    expect(needsProviderMemory({ input: 'x', previous_response_id: 'resp_1', conversation: null, background: false })).toEqual([]);
    expect(needsProviderMemory({ conversation: 'conv_1', background: true, prompt: { id: 'p' } })).toEqual([
      'conversation',
      'prompt',
      'background',
    ]);
  });
});

describe('the watcher of a stream', () => {
  const event = (value: JsonObject, named = true) => ({ ...(named && { event: String(value['type']) }), data: JSON.stringify(value) });

  test.each([true, false])('gives the whole answer, also where the last event has no output (event names: %p)', (named) => {
    const item = said('msg_1', 'hi');
    for (const output of [[item], []]) {
      const watcher = createResponseWatcher();
      watcher.push(event({ type: 'response.output_text.delta', delta: 'hi' }, named));
      watcher.push(event({ type: 'response.output_item.done', output_index: 0, item }, named));
      expect(watcher.response).toBeUndefined();
      watcher.push(event({ type: 'response.completed', response: { id: 'resp_1', status: 'completed', output } }, named));
      expect(watcher.response).toEqual(answer('resp_1', item));
    }
  });
});

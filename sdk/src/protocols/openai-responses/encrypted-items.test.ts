import { expect, test } from 'bun:test';
import { encryptedIdsOf } from './encrypted-items.ts';
import { createTap } from './stream-tap.ts';

const reasoning = (id: string, content: unknown = 'gAAA') => ({ type: 'reasoning', id, summary: [], encrypted_content: content });

test('ids of what is encrypted, the newest first', () => {
  const items = [
    reasoning('rs_1'),
    { type: 'message', id: 'msg_1' },
    reasoning('rs_2'),
    reasoning('rs_3', null),
    reasoning('rs_4', ''),
    'x',
    null,
  ];
  expect(encryptedIdsOf(items)).toEqual(['rs_2', 'rs_1']);
  expect(encryptedIdsOf([{ type: 'compaction', id: 'cmp_1', encrypted_content: 'gAAA' }])).toEqual(['cmp_1']);
  expect(encryptedIdsOf([{ type: 'message', id: 'msg_1' }])).toBeUndefined();
  expect(encryptedIdsOf('a question')).toBeUndefined();
});

test('no more than a conversation goes on from', () => {
  const ids = encryptedIdsOf(Array.from({ length: 50 }, (_, at) => reasoning(`rs_${at}`)));
  expect(ids).toHaveLength(16);
  expect(ids![0]).toBe('rs_49');
});

test('a stream tells them with its last event', () => {
  const tap = createTap();
  const event = (type: string, more: object) => tap.push({ event: type, data: JSON.stringify({ type, ...more }) });
  event('response.output_item.done', { item: reasoning('rs_1') });
  expect(tap.encryptedIds).toBeUndefined();
  event('response.completed', { response: { id: 'resp_1', output: [reasoning('rs_1')] } });
  expect(tap.encryptedIds).toEqual(['rs_1']);
});

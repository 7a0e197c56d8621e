import { describe, expect, test } from 'bun:test';
import type { StreamPart } from '../../types/index.ts';
import { PartWriter } from './part-writer.ts';

const written = (run: (writer: PartWriter, emit: (part: StreamPart) => void) => void): string[] => {
  const out: string[] = [];
  run(new PartWriter(0), (part) => {
    const at = 'index' in part ? part.index : '';
    const what = part.type === 'part-start' ? part.part.type : 'text' in part ? part.text : '';
    out.push(`${part.type}${at}${what === '' ? '' : ` ${what}`}`);
  });
  return out;
};

describe('PartWriter', () => {
  test('one part a run of deltas of a kind', () => {
    expect(
      written((writer, emit) => {
        writer.thinking('a', emit);
        writer.thinking('b', emit);
        writer.text('c', emit);
        writer.close(emit);
      }),
    ).toEqual([
      'part-start0 thinking',
      'thinking-delta0 a',
      'thinking-delta0 b',
      'part-end0',
      'part-start1 text',
      'text-delta1 c',
      'part-end1',
    ]);
  });

  test('tool calls are open side by side, and arguments find theirs', () => {
    const call = (id: string) => ({ type: 'tool-call' as const, kind: 'function' as const, id, name: id, arguments: '' });
    expect(
      written((writer, emit) => {
        writer.text('hi', emit);
        writer.call(0, call('a'), emit);
        writer.call(1, { ...call('b'), arguments: '{}' }, emit);
        writer.arguments(0, '{"x":', emit);
        writer.arguments(7, 'lost', emit);
        writer.closeCall(1, emit);
        writer.closeCall(1, emit);
        writer.arguments(0, '1}', emit);
        writer.close(emit);
        writer.close(emit);
      }),
    ).toEqual([
      'part-start0 text',
      'text-delta0 hi',
      'part-end0',
      'part-start1 tool-call',
      'part-start2 tool-call',
      'arguments-delta2 {}',
      'arguments-delta1 {"x":',
      'part-end2',
      'arguments-delta1 1}',
      'part-end1',
    ]);
  });

  test('audio grows in one part, whose end says what is known by then', () => {
    const parts: StreamPart[] = [];
    const writer = new PartWriter(0);
    const emit = (part: StreamPart) => void parts.push(part);
    writer.audio({ type: 'audio', id: 'a' }, { transcript: 'he' }, emit);
    writer.audio({ type: 'audio', id: 'a' }, { data: 'AA' }, emit);
    writer.audio({ type: 'audio', id: 'a' }, {}, emit);
    writer.endOpen(emit, { expiresAt: 7 });
    expect(parts).toEqual([
      { type: 'part-start', candidate: 0, index: 0, part: { type: 'audio', id: 'a' } },
      { type: 'audio-delta', candidate: 0, index: 0, transcript: 'he' },
      { type: 'audio-delta', candidate: 0, index: 0, data: 'AA' },
      { type: 'part-end', candidate: 0, index: 0, patch: { expiresAt: 7 } },
    ]);
  });

  test('a late signature finds its call', () => {
    const parts: StreamPart[] = [];
    const writer = new PartWriter(0);
    const emit = (part: StreamPart) => void parts.push(part);
    writer.call('x', { type: 'tool-call', kind: 'function', id: 'a', name: 'f', arguments: '' }, emit);
    writer.signCall('x', { origin: 'google', value: 's' }, emit);
    writer.signCall('y', { origin: 'google', value: 's' }, emit);
    expect(parts.slice(1)).toEqual([{ type: 'signature-delta', candidate: 0, index: 0, signature: { origin: 'google', value: 's' } }]);
  });

  test('a signature belongs to the open part, or to an empty new one', () => {
    const signature = { origin: 'google', value: 's' };
    expect(
      written((writer, emit) => {
        writer.thinking('a', emit);
        writer.signature('thinking', signature, emit);
        expect(writer.open).toBe('thinking');
        writer.signature('text', signature, emit);
        writer.endOpen(emit);
        expect(writer.open).toBeUndefined();
        writer.text('b', emit);
        writer.close(emit);
      }),
    ).toEqual([
      'part-start0 thinking',
      'thinking-delta0 a',
      'signature-delta0',
      'part-end0',
      'part-start1 text',
      'signature-delta1',
      'part-end1',
      'part-start2 text',
      'text-delta2 b',
      'part-end2',
    ]);
  });
});

import { describe, expect, test } from 'bun:test';
import { createLogWriter } from './log-writer.ts';

const prepare = (take: (bytes: Uint8Array) => number, maxWaitingBytes?: number) => {
  let text = '';
  let calls = 0;
  let next: (() => void) | undefined;
  const writer = createLogWriter({
    sink: (bytes) => {
      calls++;
      const count = take(bytes);
      text += new TextDecoder().decode(bytes.subarray(0, count));
      return count;
    },
    schedule: (flush) => void (next = flush),
    ...(maxWaitingBytes !== undefined && { maxWaitingBytes }),
  });
  return {
    writer,
    text: () => text,
    calls: () => calls,
    turn() {
      const now = next;
      next = undefined;
      now?.();
    },
  };
};
const behind = () => {
  throw Object.assign(new Error('again'), { code: 'EAGAIN' });
};

describe('log lines', () => {
  test('of one turn go out in one write', () => {
    const { writer, text, calls, turn } = prepare((bytes) => bytes.length);
    writer.write('a');
    writer.write('ü');
    expect(text()).toBe('');
    turn();
    expect([text(), calls()]).toEqual(['a\nü\n', 1]);
  });
  test('a write that takes a part is gone on with', () => {
    const { writer, text, turn } = prepare(() => 1);
    writer.write('abc');
    turn();
    expect(text()).toBe('abc\n');
  });
  test('a reader that is behind: lines wait, in order, beyond a bound they are counted', () => {
    let slow = true;
    const { writer, text, turn } = prepare((bytes) => (slow ? behind() : bytes.length), 10);
    for (const line of ['1234', '5678', 'lost', 'lost']) writer.write(line);
    turn();
    writer.write('lost');
    expect(text()).toBe('');
    slow = false;
    turn();
    turn();
    const lines = text().trim().split('\n');
    expect(lines.slice(0, 2)).toEqual(['1234', '5678']);
    expect(JSON.parse(lines[2]!)).toMatchObject({ level: 40, count: 3 });
    writer.write('next');
    turn();
    expect(text()).toEndWith('next\n');
  });
  test('a reader that is gone costs nothing', () => {
    const { writer, turn } = prepare(() => {
      throw Object.assign(new Error('pipe'), { code: 'EPIPE' });
    });
    writer.write('a');
    expect(turn).not.toThrow();
  });
  test('flush at the end', () => {
    const { writer, text } = prepare((bytes) => bytes.length);
    writer.write('last');
    writer.flush();
    expect(text()).toBe('last\n');
  });
});

import { describe, expect, test } from 'bun:test';
import { Canceller, SluiceError, type Answer, type CallFacts, type CancelSignal, type StreamAnswer, type StreamChunk } from 'sluice/kit';
import { coalesceKey, createCoalescer } from './index.ts';
import type { CoalesceBounds, Made } from './sharing.ts';

const facts: CallFacts = {
  provider: 'p',
  model: 'm',
  protocol: 'openai-chat',
  same: true,
  host: 'h',
  status: 200,
  headers: new Headers(),
  dropped: [],
  sentAt: 1,
  headersAt: 1,
};
const whole = (text: string): Answer => ({ kind: 'whole', facts, body: text, json: () => ({ text }) });

/** A stream that a test feeds. */
const fed = () => {
  const waiting: ((chunk: StreamChunk | undefined) => void)[] = [];
  const ready: (StreamChunk | undefined)[] = [];
  let cancelled = false;
  let reads = 0;
  const give = (chunk: StreamChunk | undefined) => {
    const take = waiting.shift();
    if (take) take(chunk);
    else ready.push(chunk);
  };
  const answer: StreamAnswer = {
    kind: 'stream',
    facts,
    read() {
      reads++;
      if (ready.length > 0) return Promise.resolve(ready.shift());
      return new Promise((resolve) => waiting.push(resolve));
    },
    failure: undefined,
    complete: false,
    cancel() {
      cancelled = true;
      give(undefined);
    },
  };
  return {
    answer,
    give: (text?: string) => give(text === undefined ? undefined : new TextEncoder().encode(text)),
    cancelled: () => cancelled,
    reads: () => reads,
  };
};

const rig = (bounds?: CoalesceBounds) => {
  const coalescer = createCoalescer<string>(bounds);
  let made = 0;
  const overs: unknown[] = [];
  const signals: CancelSignal[] = [];
  const join = (callId: string, make: () => Promise<Answer> | Answer, key = 'k') => {
    const client = new Canceller();
    const sharer = coalescer.join(key, {
      callId,
      context: callId,
      signal: client,
      async make(signal): Promise<Made> {
        made++;
        signals.push(signal);
        return { answer: await make(), over: (failure) => void overs.push(failure) };
      },
      errorEvents: (error) => [{ data: error.code }],
    });
    sharer.answer.catch(() => {});
    return { sharer, client };
  };
  return { coalescer, join, made: () => made, overs, signals };
};

const never = () => Promise.reject(new Error('made twice'));
const textOf = (chunk: StreamChunk | undefined): string | undefined =>
  chunk instanceof Uint8Array ? new TextDecoder().decode(chunk) : chunk?.map(({ data }) => data).join('');
const streamOf = async (joined: { sharer: { answer: Promise<Answer> } }) => (await joined.sharer.answer) as StreamAnswer;
const readAll = async (answer: StreamAnswer) => {
  let text = '';
  for (let chunk = await answer.read(); chunk !== undefined; chunk = await answer.read()) text += textOf(chunk);
  return text;
};
const failureOf = ({ failure }: StreamAnswer) => (failure as SluiceError | undefined)?.code;

describe('whole answers', () => {
  test('one call, the same bytes for all, paid for by the first', async () => {
    const { join, made, overs, coalescer } = rig();
    const { promise, resolve } = Promise.withResolvers<Answer>();
    const joined = [join('a', () => promise), join('b', never), join('c', never)];
    expect(coalescer.open).toBe(1);
    resolve(whole('same'));
    const answers = await Promise.all(joined.map(({ sharer }) => sharer.answer));
    expect(new Set(answers.map((each) => (each as { body: string }).body))).toEqual(new Set(['same']));
    expect(made()).toBe(1);
    expect(joined.map(({ sharer }) => [sharer.isFirst, sharer.sharedWith, sharer.context])).toEqual([
      [true, undefined, 'a'],
      [false, 'a', 'a'],
      [false, 'a', 'a'],
    ]);
    expect(overs).toEqual([undefined]);
    expect(coalescer.open).toBe(0);
  });

  test('what is over is not joined: the next one makes its own call', async () => {
    const { join, made } = rig();
    await join('a', () => whole('1')).sharer.answer;
    expect(await join('b', () => whole('2')).sharer.answer).toMatchObject({ body: '2' });
    expect(made()).toBe(2);
  });

  test('other keys are other calls', async () => {
    const { join, made } = rig();
    const pending = new Promise<Answer>(() => {});
    join('a', () => pending, 'one');
    join('b', () => pending, 'other');
    expect(made()).toBe(2);
  });

  test('a failure is the failure of all, and is not kept', async () => {
    const { join, made, coalescer } = rig();
    const { promise, reject } = Promise.withResolvers<Answer>();
    const joined = [join('a', () => promise), join('b', never)];
    reject(new SluiceError('overloaded', 'too much'));
    for (const { sharer } of joined) await expect(sharer.answer).rejects.toThrow('too much');
    expect(coalescer.open).toBe(0);
    expect(await join('c', () => whole('again')).sharer.answer).toMatchObject({ body: 'again' });
    expect(made()).toBe(2);
  });

  test('the first leaves: the call goes on, and the next one pays', async () => {
    const { join, signals } = rig();
    const { promise, resolve } = Promise.withResolvers<Answer>();
    const [a, b, c] = [join('a', () => promise), join('b', never), join('c', never)];
    a.client.abort(new SluiceError('client_closed_request', 'left'));
    await expect(a.sharer.answer).rejects.toThrow('left');
    expect(signals[0]!.aborted).toBe(false);
    resolve(whole('x'));
    expect(await b.sharer.answer).toMatchObject({ body: 'x' });
    await c.sharer.answer;
    expect([a.sharer.sharedWith, b.sharer.sharedWith, c.sharer.sharedWith]).toEqual(['b', undefined, 'b']);
  });

  test('the last leaves: the call is cancelled, and who comes now makes another', async () => {
    const { join, signals, made } = rig();
    const pending = new Promise<Answer>(() => {});
    const joined = [join('a', () => pending), join('b', never)];
    for (const { client, sharer } of joined) {
      client.abort(new SluiceError('client_closed_request', 'left'));
      await expect(sharer.answer).rejects.toThrow('left');
    }
    expect(signals[0]!.aborted).toBe(true);
    // It was there to the end.
    expect(joined.map(({ sharer }) => sharer.sharedWith)).toEqual(['b', undefined]);
    join('c', () => pending);
    expect(made()).toBe(2);
  });
});

describe('streams', () => {
  test('all read all of it, also who comes when it has begun', async () => {
    const { join, made, overs } = rig();
    const source = fed();
    const a = await streamOf(join('a', () => source.answer));
    source.give('one ');
    expect(textOf(await a.read())).toBe('one ');
    const late = join('b', never);
    const b = await streamOf(late);
    source.give('two');
    source.give();
    expect([await readAll(a), await readAll(b)]).toEqual(['two', 'one two']);
    expect([made(), late.sharer.sharedWith, overs]).toEqual([1, 'a', [undefined]]);
    expect([a.failure, b.failure]).toEqual([undefined, undefined]);
  });

  test.each(['a', 'b'])('FP-3: where the end has come, who pays stays the same, whoever leaves first: %s', async (first) => {
    const { join } = rig();
    const source = fed();
    const joined = [join('a', () => source.answer), join('b', never)] as const;
    const [a, b] = [await streamOf(joined[0]), await streamOf(joined[1])];
    source.give('the end');
    const quick = first === 'a' ? a : b;
    await quick.read();
    Object.assign(source.answer, { complete: true });
    // It has all, and is accounted; what is behind the end mark, its client does not wait for.
    expect(quick.complete).toBe(true);
    const payers = () => joined.map(({ sharer }) => sharer.sharedWith);
    expect(payers()).toEqual([undefined, 'a']);
    a.cancel();
    expect(payers()).toEqual([undefined, 'a']);
    b.cancel();
    expect(payers()).toEqual([undefined, 'a']);
  });

  test('who comes when the beginning is gone makes a call of its own', async () => {
    const { join, made } = rig({ maxReplayBytes: 4 });
    const source = fed();
    const a = await streamOf(join('a', () => source.answer));
    source.give('12345678');
    await a.read();
    join('b', () => fed().answer);
    expect(made()).toBe(2);
  });

  test('one chunk is read from the upstream once, by whoever is first', async () => {
    const { join } = rig();
    const source = fed();
    const [a, b] = [await streamOf(join('a', () => source.answer)), await streamOf(join('b', never))];
    const both = [a.read(), b.read()];
    source.give('x');
    expect((await Promise.all(both)).map(textOf)).toEqual(['x', 'x']);
    expect(source.reads()).toBe(1);
  });

  test('the slowest sets the pace within the bound', async () => {
    const { join } = rig({ maxReplayBytes: 0, maxBehindBytes: 10, patienceMs: 60_000 });
    const source = fed();
    const [fast, slow] = [await streamOf(join('a', () => source.answer)), await streamOf(join('b', never))];
    for (let count = 0; count < 6; count++) source.give('12345');
    for (let count = 0; count < 3; count++) await fast.read();
    const blocked = fast.read();
    await Bun.sleep(5);
    expect(source.reads()).toBe(3);
    expect(textOf(await slow.read())).toBe('12345');
    expect(textOf(await blocked)).toBe('12345');
    expect(failureOf(slow)).toBeUndefined();
  });

  test('and is cut off where it does not move, with an error of its format; the others go on', async () => {
    const { join, overs } = rig({ maxReplayBytes: 0, maxBehindBytes: 10, patienceMs: 20 });
    const source = fed();
    const slowest = join('b', () => source.answer);
    const slow = await streamOf(slowest);
    const other = join('a', never);
    const fast = await streamOf(other);
    for (let count = 0; count < 6; count++) source.give('12345');
    source.give();
    expect(await readAll(fast)).toBe('12345'.repeat(6));
    expect(textOf(await slow.read())).toBe('stream_interrupted');
    expect(await slow.read()).toBeUndefined();
    expect(failureOf(slow)).toBe('stream_interrupted');
    expect([slowest.sharer.sharedWith, other.sharer.sharedWith]).toEqual(['a', undefined]);
    expect(overs).toEqual([undefined]);
  });

  test('one leaves in the middle: the others do not notice', async () => {
    const { join } = rig();
    const source = fed();
    const [first, second] = [join('a', () => source.answer), join('b', never)];
    const [a, b] = [await streamOf(first), await streamOf(second)];
    source.give('x');
    await a.read();
    a.cancel();
    expect(failureOf(a)).toBe('client_closed_request');
    expect(source.cancelled()).toBe(false);
    source.give('y');
    source.give();
    expect(await readAll(b)).toBe('xy');
    expect([first.sharer.sharedWith, second.sharer.sharedWith]).toEqual(['b', undefined]);
  });

  test('all leave: the upstream is dropped, once', async () => {
    const { join, overs, signals } = rig();
    const source = fed();
    const answers = [await streamOf(join('a', () => source.answer)), await streamOf(join('b', never))];
    for (const each of answers) each.cancel();
    expect(source.cancelled()).toBe(true);
    expect(signals[0]!.aborted).toBe(true);
    expect(overs.map((each) => (each as SluiceError).code)).toEqual(['client_closed_request']);
  });

  test('who leaves behind the end has left nothing undone', async () => {
    const { join } = rig();
    const source = fed();
    const [a, b] = [await streamOf(join('a', () => source.answer)), await streamOf(join('b', never))];
    source.give('x');
    source.give();
    await readAll(a);
    await b.read();
    b.cancel();
    expect(failureOf(b)).toBeUndefined();
  });
});

test('who has left while the call was made drops it when it is there', async () => {
  const { join, overs } = rig();
  const source = fed();
  const { promise, resolve } = Promise.withResolvers<Answer>();
  const { client, sharer } = join('a', () => promise);
  client.abort(new SluiceError('client_closed_request', 'left'));
  await expect(sharer.answer).rejects.toThrow('left');
  resolve(source.answer);
  await Bun.sleep(1);
  expect(source.cancelled()).toBe(true);
  expect(overs).toHaveLength(1);
});

test('no more than so many share one call', () => {
  const { join, made } = rig({ maxMembers: 2 });
  const pending = new Promise<Answer>(() => {});
  for (const id of ['a', 'b', 'c', 'd', 'e']) join(id, () => pending);
  expect(made()).toBe(3);
});

describe('the key', () => {
  const base = {
    caller: 'key-1',
    path: '/v1/chat/completions',
    format: 'openai-chat',
    text: '{"a":1}',
    headers: { authorization: 'Bearer 1', 'x-tag': 't' },
  };
  const keyOf = (more: Partial<Omit<typeof base, 'headers'>> & { headers?: Record<string, string> } = {}) => {
    const { headers, ...rest } = { ...base, ...more };
    return coalesceKey({ ...rest, headers: new Headers(headers) });
  };
  test.each<[string, Parameters<typeof keyOf>[0]]>([
    ['another caller, who is told by a cookie or by a header of a proxy', { caller: 'key-2' }],
    ['path', { path: '/v1/messages' }],
    ['format', { format: 'anthropic-messages' }],
    ['a byte of the body', { text: '{"a": 1}' }],
    ["another caller's key", { headers: { ...base.headers, authorization: 'Bearer 2' } }],
    ['a header', { headers: { ...base.headers, 'anthropic-beta': 'x' } }],
    ['no such header', { headers: { authorization: 'Bearer 1' } }],
  ])('tells calls apart by %s', (_, other) => expect(keyOf(other)).not.toBe(keyOf()));

  test('and not by what only says which call it is', () => {
    const headers = { ...base.headers, 'x-request-id': '7', traceparent: '00-a-b-01', 'x-stainless-retry-count': '1', host: 'h' };
    expect(keyOf({ headers })).toBe(keyOf());
  });

  test('values do not run into one another', () =>
    expect(keyOf({ headers: { 'x-a': 'b', 'x-c': 'd' } })).not.toBe(keyOf({ headers: { 'x-a': 'bx-cd' } })));
});

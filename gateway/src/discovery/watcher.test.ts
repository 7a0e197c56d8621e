import { afterEach, describe, expect, test } from 'bun:test';
import type { Claimed } from './endpoint.ts';
import { SourceError, type OnList } from './source.ts';
import { ManualClock, settled } from './testing.ts';
import { Watcher } from './watcher.ts';

/** A source that says what the test says. */
const scripted = ({ graceMs = 0, maxEndpoints = 100 } = {}) => {
  const clock = new ManualClock();
  const lines: { level: string; message: string; fields: Readonly<Record<string, unknown>> }[] = [];
  let opens = 0;
  let closes = 0;
  let changes = 0;
  let failures = 0;
  let tell: OnList = () => {};
  let fail: (cause: unknown) => void = () => {};
  let refuse = false;
  const watcher = new Watcher({
    settings: { name: 's', graceMs, maxEndpoints },
    clock,
    random: () => 0,
    log: {
      info: (message, fields) => void lines.push({ level: 'info', message, fields }),
      warn: (message, fields) => void lines.push({ level: 'warn', message, fields }),
    },
    onChange: () => void changes++,
    onFailure: () => void failures++,
    open: async () => {
      opens++;
      if (refuse) throw new SourceError('It is not there.');
      return {
        close: () => void closes++,
        source: {
          watch: (onList, signal) =>
            new Promise((_, reject) => {
              tell = onList;
              fail = reject;
              signal.addEventListener('abort', () => reject(signal.reason as Error));
            }),
        },
      };
    },
  });
  watchers.push(watcher);
  return {
    watcher,
    clock,
    lines,
    tell: (...list: Claimed[]) => tell(list),
    fail: async (cause: unknown) => {
      fail(cause);
      await settled();
    },
    refuse: (on: boolean) => void (refuse = on),
    count: () => ({ opens, closes, changes, failures }),
    ports: () => watcher.endpoints.map(({ port }) => port),
  };
};
const watchers: Watcher[] = [];
afterEach(() => watchers.splice(0).forEach((each) => each.stop()));

const at = (port: number, more: Partial<Claimed> = {}): Claimed => ({ host: '10.0.0.1', port, ...more });

describe('Watcher', () => {
  test('endpoints come and go, each change is told once', async () => {
    const { tell, ports, count, lines, watcher } = scripted();
    await settled();
    tell(at(1), at(2));
    await watcher.first;
    tell(at(2), at(1));
    expect(ports()).toEqual([1, 2]);
    expect(count().changes).toBe(1);
    tell(at(2), at(3));
    expect(ports()).toEqual([2, 3]);
    expect(lines.map(({ message, fields }) => [message, fields])).toEqual([
      ['discovery found other endpoints', { source: 's', endpoints: 2, added: 2, addedFirst: ['10.0.0.1:1/', '10.0.0.1:2/'] }],
      [
        'discovery found other endpoints',
        { source: 's', endpoints: 2, added: 1, addedFirst: ['10.0.0.1:3/'], removed: 1, removedFirst: ['10.0.0.1:1/'] },
      ],
    ]);
    tell();
    expect(ports()).toEqual([]);
  });

  test('a source that fails keeps the list, is begun anew ever later, and an outage is told once', async () => {
    const { tell, fail, ports, count, clock, lines, refuse, watcher } = scripted();
    await settled();
    tell(at(1), at(2));
    refuse(true);
    await fail(new SourceError('It answered 500.'));
    for (const waitMs of [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]) {
      expect(clock.waits).toEqual([waitMs]);
      await clock.pass(waitMs);
    }
    expect(ports()).toEqual([1, 2]);
    expect(count()).toMatchObject({ failures: 9, changes: 1, opens: 9, closes: 1 });
    expect(lines.filter(({ level }) => level === 'warn')).toEqual([
      {
        level: 'warn',
        message: 'discovery failed: the endpoints from before stay',
        fields: { source: 's', endpoints: 2, error: 'It answered 500.' },
      },
    ]);
    refuse(false);
    await clock.pass(60_000);
    tell(at(2));
    expect(ports()).toEqual([2]);
    expect(lines.some(({ message }) => message === 'discovery works again')).toBe(true);
    expect(watcher.state).toEqual({ name: 's', endpoints: 1, lastSuccessAt: clock.now() });
    // And the waits begin anew.
    await fail(new Error('again'));
    expect(clock.waits).toEqual([1000]);
  });

  test('one that fails from the beginning says so: nobody waits for it', async () => {
    const { watcher, fail, count } = scripted();
    await settled();
    await fail(new Error('no'));
    await watcher.first;
    expect(watcher.state).toEqual({ name: 's', endpoints: 0, lastSuccessAt: undefined });
    expect(count().changes).toBe(0);
  });

  test('an endpoint that one answer lacks is kept for the grace, and let go when it is over without another answer', async () => {
    const { tell, ports, clock, count } = scripted({ graceMs: 30_000 });
    await settled();
    tell(at(1), at(2));
    tell(at(1));
    await clock.pass(20_000);
    expect(ports()).toEqual([1, 2]);
    tell(at(1), at(2));
    expect(count().changes).toBe(1);
    tell(at(1));
    await clock.pass(29_999);
    expect(ports()).toEqual([1, 2]);
    await clock.pass(1);
    expect(ports()).toEqual([1]);
    expect(count().changes).toBe(2);
  });

  test('no more than are allowed, and the same ones however the answer is ordered', async () => {
    const { tell, ports, count, lines } = scripted({ maxEndpoints: 2 });
    await settled();
    tell(at(3), at(1), at(2));
    tell(at(2), at(3), at(1));
    expect(ports()).toEqual([1, 2]);
    expect(count().changes).toBe(1);
    expect(lines.filter(({ level }) => level === 'warn').map(({ fields }) => fields)).toEqual([{ source: 's', beyondMaxEndpoints: 1 }]);
  });

  test('endpoints that are none are left out with a word, once', async () => {
    const { tell, ports, lines } = scripted();
    await settled();
    const metadata = at(80, { host: '169.254.169.254' });
    tell(at(1), metadata);
    tell(at(1), at(2), metadata);
    expect(ports()).toEqual([1, 2]);
    expect(lines.filter(({ level }) => level === 'warn').map(({ fields }) => fields)).toEqual([
      { source: 's', refused: 1, why: 'it is the metadata service of a cloud' },
    ]);
  });

  test('a list that is beyond all measure is a failure of the source', async () => {
    const { tell, ports } = scripted();
    await settled();
    tell(at(1));
    const one = at(2);
    expect(() => tell(...Array.from({ length: 50_001 }, () => one))).toThrow('It lists more than 50000 endpoints.');
    expect(ports()).toEqual([1]);
  });

  test('stopped, it hears nothing more and leaves no timer', async () => {
    const { tell, watcher, clock, count, ports } = scripted({ graceMs: 1000 });
    await settled();
    tell(at(1), at(2));
    tell(at(1));
    watcher.stop();
    await settled();
    tell(at(3));
    expect(ports()).toEqual([1, 2]);
    expect(clock.waits).toEqual([]);
    expect(count()).toMatchObject({ closes: 1, failures: 0 });
  });
});

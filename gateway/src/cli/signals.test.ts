import { describe, expect, test } from 'bun:test';
import { handleSignals } from './signals.ts';

const prepare = ({ terminal = false, gone = false, fails = false } = {}) => {
  const handlers = new Map<string, () => void>();
  const happened: string[] = [];
  const stopping = Promise.withResolvers<void>();
  let time = 0;
  handleSignals({
    stop: () => {
      happened.push('stop');
      return stopping.promise;
    },
    reload: () => void happened.push('reload'),
    exit: (code) => void happened.push(`exit ${code}`),
    tell: () => {},
    terminal,
    terminalGone: () => gone,
    on: (signal, handler) => void handlers.set(signal, handler),
    now: () => time,
  });
  return {
    happened,
    send: (signal: string) => handlers.get(signal)!(),
    wait: (ms: number) => void (time += ms),
    async stopped() {
      if (fails) stopping.reject(new Error('x'));
      else stopping.resolve();
      await Bun.sleep(0);
    },
  };
};

describe('signals', () => {
  test.each(['SIGTERM', 'SIGINT'])('%s stops in peace and ends with 0', async (signal) => {
    const { happened, send, stopped } = prepare();
    send(signal);
    expect(happened).toEqual(['stop']);
    await stopped();
    expect(happened).toEqual(['stop', 'exit 0']);
  });
  test('the same signal on two ways is one', () => {
    const { happened, send, wait } = prepare();
    send('SIGINT');
    wait(100);
    send('SIGINT');
    expect(happened).toEqual(['stop']);
  });
  test('a second one, later, ends at once', () => {
    const { happened, send, wait } = prepare();
    send('SIGINT');
    wait(300);
    send('SIGTERM');
    expect(happened).toEqual(['stop', 'exit 143']);
  });
  test('a stop that fails ends with 1', async () => {
    const { happened, send, stopped } = prepare({ fails: true });
    send('SIGTERM');
    await stopped();
    expect(happened).toEqual(['stop', 'exit 1']);
  });
  test('SIGHUP reloads, in a terminal too; one that has closed ends the gateway', () => {
    for (const facts of [{}, { gone: true }, { terminal: true }]) {
      const { happened, send } = prepare(facts);
      send('SIGHUP');
      expect(happened).toEqual(['reload']);
    }
    const closed = prepare({ terminal: true, gone: true });
    closed.send('SIGHUP');
    expect(closed.happened).toEqual(['stop']);
  });
});

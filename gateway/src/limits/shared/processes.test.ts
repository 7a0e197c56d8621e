import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { redisMissing, startRedis, type TestRedis } from '../../../../test/kit/redis.ts';
import { budget, limit, rpm, tpm } from '../testing.ts';
import type { Limit } from '../types.ts';
import { startTestGateway, until, type TestGateway } from './testing.ts';
import type { FromProcess, ToProcess } from './testing-process.ts';

interface Process {
  say(message: ToProcess): Promise<FromProcess>;
  kill(): Promise<void>;
}

const startProcess = async (url: string, leaseMs: number): Promise<Process> => {
  let answer = Promise.withResolvers<FromProcess>();
  const child = Bun.spawn([process.execPath, join(import.meta.dir, 'testing-process.ts')], {
    ipc: (message: FromProcess) => answer.resolve(message),
    stdout: 'inherit',
    stderr: 'inherit',
    onExit: () => answer.reject(new Error('The process is over.')),
  });
  child.send({ url, leaseMs } satisfies ToProcess);
  await answer.promise;
  return {
    say(message) {
      answer = Promise.withResolvers();
      child.send(message);
      return answer.promise;
    },
    async kill() {
      answer.promise.catch(() => {});
      child.kill('SIGKILL');
      await child.exited;
    },
  };
};

describe.skipIf(redisMissing() !== undefined)('limits of four processes on one Redis', () => {
  let server: TestRedis;
  let watcher: TestGateway;
  const processes: Process[] = [];
  const leaseMs = 1500;
  beforeAll(async () => {
    server = await startRedis();
    watcher = await startTestGateway(server.url, { seed: async () => 0, leaseMs });
  });
  afterEach(async () => {
    await Promise.all(processes.splice(0).map((each) => each.kill()));
  });
  afterAll(async () => {
    watcher.die();
    await server.stop();
  });
  const start = async (count: number) => {
    processes.push(...(await Promise.all(Array.from({ length: count }, () => startProcess(server.url, leaseMs)))));
    return processes;
  };
  const used = (each: Limit) => watcher.limiter.usedOf(each, Date.now());
  const admitted = (answers: readonly FromProcess[]) => answers.map((each) => ('admitted' in each ? each.admitted : -1));
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

  test('FP-5, FP-6: 1,000 calls at once, room for 100 by every limit; spend is never above the cap', async () => {
    const all = await start(4);
    const caps = [budget(1000), rpm(100), tpm(1000), limit('parallel', 100)];
    for (const [at, cap] of caps.entries()) {
      const limits = [{ ...cap, subject: `key:p${at}` }];
      const letIn = admitted(await Promise.all(all.map((each) => each.say({ ask: 250, limits }))));
      expect(sum(letIn)).toBe(100);
      await Promise.all(all.map((each) => each.say({ settle: 10 })));
      expect(await used(limits[0]!)).toBe(cap.metric === 'parallel' ? 0 : cap.max);
    }
    // All of them together, in other orders.
    const together = caps.map((cap) => ({ ...cap, subject: 'key:all' }));
    const orders = [together, together.toReversed(), together.toSorted((a, b) => a.max - b.max), together];
    const letIn = admitted(await Promise.all(all.map((each, at) => each.say({ ask: 250, limits: orders[at]! }))));
    expect(sum(letIn)).toBe(100);
    await Promise.all(all.map((each) => each.say({ settle: 9 })));
    expect(await used(together[0]!)).toBe(900);
  }, 60_000);

  test('kill -9: what a process held comes back after its lease, and nothing of what others hold', async () => {
    const [doomed, other] = (await start(2)) as [Process, Process];
    const limits = [budget(1000, { subject: 'key:killed' }), limit('parallel', 100, { subject: 'key:killed' })];
    expect(admitted([await doomed.say({ ask: 60, limits }), await other.say({ ask: 1000, limits })])).toEqual([60, 40]);
    await doomed.kill();
    expect(admitted([await other.say({ ask: 10, limits })])).toEqual([0]);
    await Bun.sleep(leaseMs + 200);
    await until(async () => admitted([await other.say({ ask: 100, limits })])[0] === 60, leaseMs);
    expect(await Promise.all(limits.map(used))).toEqual([1000, 100]);
    await other.say({ settle: 10 });
    expect(await Promise.all(limits.map(used))).toEqual([1000, 0]);
  }, 30_000);
});

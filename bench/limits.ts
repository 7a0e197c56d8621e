import { startRedis, redisMissing } from '../test/kit/redis.ts';
import { createLimiter } from '../gateway/src/limits/limiter.ts';
import { budget, limit, rpm, tpm } from '../gateway/src/limits/testing.ts';
import { startTestGateway } from '../gateway/src/limits/shared/testing.ts';

/**
 * What limits cost by themselves, a call being taken and settled: in memory, and by a Redis on this machine. Prints the least of
 * five runs, and asserts nothing: `node scripts/bun.js bench/limits.ts`.
 */
const worst = { inputTokens: 100, outputTokens: 50, costNanodollars: 20_000 };
const used = { inputTokens: 90, outputTokens: 40, costNanodollars: 15_000 };
const four = (subject: string) => [
  rpm(1e9, { subject }),
  tpm(1e12, { subject }),
  limit('parallel', 1e6, { subject }),
  budget(1e15, { subject }),
];
const cases = {
  'one limit': [rpm(1e9)],
  'four limits': four('key:k'),
  'four limits of a key and four of its team': [...four('key:k'), ...four('team:t')],
};

const least = async (runs: number, run: () => number | Promise<number>): Promise<number> => {
  let best = Infinity;
  for (let at = 0; at < runs; at++) best = Math.min(best, await run());
  return best;
};

const calls = 100_000;
for (const [name, limits] of Object.entries(cases)) {
  const limiter = createLimiter();
  const micros = await least(5, () => {
    const began = process.cpuUsage();
    for (let at = 0; at < calls; at++) {
      const verdict = limiter.reserve(limits, worst, { now: Date.now(), expiresAfterMs: 600_000 });
      if (verdict.ok) verdict.reservation.settle(used);
    }
    const { user, system } = process.cpuUsage(began);
    return (user + system) / calls;
  });
  console.log(`memory, ${name}: ${micros.toFixed(2)} µs of CPU a call`);
}

const missing = redisMissing();
if (missing === undefined) {
  const redis = await startRedis();
  const gateway = await startTestGateway(redis.url, { seed: async () => 0 });
  /** @returns each command's mean in microseconds, of the server's own time */
  const serverMicros = async (): Promise<number> =>
    Number(/cmdstat_evalsha:calls=\d+,usec=\d+,usec_per_call=([\d.]+)/.exec(String(await redis.command('INFO', 'commandstats')))?.[1]);
  for (const [name, limits] of Object.entries(cases)) {
    const one = async (): Promise<void> => (await gateway.admit(limits, worst)).settle(used);
    for (let at = 0; at < 2000; at++) await one();
    await redis.command('CONFIG', 'RESETSTAT');
    const waits: number[] = [];
    for (let at = 0; at < 5000; at++) {
      const began = performance.now();
      await one();
      waits.push(performance.now() - began);
    }
    waits.sort((a, b) => a - b);
    const p = (share: number): string => waits[Math.floor(waits.length * share)]!.toFixed(3);
    const perSecond = await least(5, async () => {
      const began = performance.now();
      await Promise.all(
        Array.from({ length: 50 }, async () => {
          for (let at = 0; at < 100; at++) await one();
        }),
      );
      return -5000 / ((performance.now() - began) / 1000);
    });
    console.log(
      `redis, ${name}: p50 ${p(0.5)} ms, p99 ${p(0.99)} ms, ${Math.round(-perSecond)} calls/s from one process, ${(await serverMicros()).toFixed(1)} µs of Redis a command, two a call`,
    );
  }
  gateway.die();
  await redis.stop();
} else console.log(`redis: ${missing}`);

import { expect, test } from 'bun:test';
import { createLimiter } from './limiter.ts';
import { periodOf } from './reset.ts';
import { budget, limit, rpm, tpm } from './testing.ts';

/** Prints the least of three runs, and asserts no time: `SLUICE_SPEED=1 bun test gateway/src/limits/speed.test.ts`. */
test.skipIf(!Bun.env['SLUICE_SPEED'])('CPU time of a call with four limits', () => {
  const now = Date.now();
  const period = periodOf('1mo', { timeZone: 'Europe/Berlin' });
  const run = (keys: number, calls: number): number => {
    const limiter = createLimiter();
    const ofKeys = Array.from({ length: keys }, (_, key) => {
      const subject = `key:${key}`;
      return [rpm(1e9, { subject }), tpm(1e12, { subject }), limit('parallel', 1e6, { subject }), budget(1e15, { subject, period })];
    });
    const began = process.cpuUsage();
    for (let call = 0; call < calls; call++) {
      const verdict = limiter.reserve(
        ofKeys[call % keys]!,
        { inputTokens: 1000, outputTokens: 500, costNanodollars: 9000 },
        { now: now + Math.floor(call / 5), expiresAfterMs: 600_000 },
      );
      if (verdict.ok) verdict.reservation.settle({ inputTokens: 900, outputTokens: 100, costNanodollars: 5000 });
    }
    const { user, system } = process.cpuUsage(began);
    const us = (user + system) / calls;
    expect(limiter.figures()).toMatchObject({ admitted: calls, reservations: 0 });
    return us;
  };
  run(1, 200_000);
  for (const keys of [1, 100, 10_000, 50_000])
    console.log(`${keys} keys: ${Math.min(...[1, 2, 3].map(() => run(keys, 200_000))).toFixed(2)} µs of CPU a call`);
});

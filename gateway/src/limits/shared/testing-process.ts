import { limit } from '../testing.ts';
import type { Limit, Reservation } from '../types.ts';
import { startTestGateway, type TestGateway } from './testing.ts';

/** What the test says to a process: where Redis is, to ask for so many calls at once, or to end all that were let in. */
export type ToProcess =
  | { readonly url: string; readonly leaseMs: number }
  | { readonly ask: number; readonly limits: readonly Pick<Limit, 'subject' | 'metric' | 'max' | 'windowMs'>[] }
  | { readonly settle: number };
export type FromProcess = { readonly ready: true } | { readonly admitted: number } | { readonly settled: true };

/** One gateway's limits in a process of its own, which is told what to do by messages. */
if (import.meta.main) {
  let gateway: TestGateway;
  const held: Reservation[] = [];
  const answer = async (message: ToProcess): Promise<FromProcess> => {
    if ('url' in message) {
      gateway = await startTestGateway(message.url, { seed: async () => 0, leaseMs: message.leaseMs, commandTimeoutMs: 5000 });
      return { ready: true };
    }
    if ('settle' in message) {
      for (const each of held.splice(0)) each.settle({ inputTokens: 5, outputTokens: 5, costNanodollars: message.settle });
      while (gateway.limiter.figures().untold > 0) await Bun.sleep(5);
      return { settled: true };
    }
    const limits = message.limits.map(({ metric, max, ...more }) => limit(metric, max, more));
    const worst = { inputTokens: 5, outputTokens: 5, costNanodollars: 10 };
    const verdicts = await Promise.all(Array.from({ length: message.ask }, () => gateway.ask(limits, worst)));
    for (const verdict of verdicts) if (verdict.ok) held.push(verdict.reservation);
    return { admitted: verdicts.filter(({ ok }) => ok).length };
  };
  process.on('message', (message: ToProcess) => void answer(message).then((told) => process.send!(told)));
}

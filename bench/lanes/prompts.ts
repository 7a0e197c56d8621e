import { largeBody } from '../load/request.ts';
import { atLeast } from '../report.ts';
import { cpuSeconds } from '../rig/proc.ts';
import { median } from '../rig/wait.ts';
import type { Lane } from './lane.ts';

/** LiteLLM publishes 23 requests/s per vCPU with prompts of this size (docs.litellm.ai/docs/benchmarks, read 2026-11-21). */
const published = 23;
const row = { lane: '300 KB prompts', unit: 'requests/s per vCPU', bound: 20 * published } as const;

export const promptsLane: Lane = {
  name: 'prompts',
  rows: [row],
  async run(rig) {
    const { upstream, gateway } = await rig.standing();
    const job = { port: gateway.port, path: '/v1/chat/completions', body: largeBody('same', 300_000), connections: 8 };
    await rig.load({ ...job, seconds: rig.options.seconds });
    const rates: number[] = [];
    for (let round = 0; round < Math.ceil(rig.options.rounds / 2); round++) {
      const [counted, cpu] = [(await upstream.counters()).requests, cpuSeconds(gateway.child.pid)];
      await rig.load({ ...job, seconds: rig.options.seconds });
      rates.push(((await upstream.counters()).requests - counted) / (cpuSeconds(gateway.child.pid) - cpu));
    }
    const rate = median(rates);
    return [
      atLeast(
        row.lane,
        rate,
        row.unit,
        row.bound,
        `${(1e3 / rate).toFixed(2)} ms of CPU a call; ${(rate / published).toFixed(0)} x LiteLLM's published ${published}`,
      ),
    ];
  },
};

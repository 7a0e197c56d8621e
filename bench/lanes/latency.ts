import { join } from 'node:path';
import type { OpenLoopJob, OpenLoopResult } from '../load/open-loop.ts';
import { chatBody } from '../load/request.ts';
import { atMost } from '../report.ts';
import { start } from '../rig/processes.ts';
import type { Rig } from '../rig/rig.ts';
import type { Server } from '../rig/servers.ts';
import { median } from '../rig/wait.ts';
import type { Lane } from './lane.ts';

const rate = 1000;
const rows = [
  { lane: 'added latency at 1,000 requests/s, p50', unit: 'ms', bound: 0.3 },
  { lane: 'added latency at 1,000 requests/s, p99', unit: 'ms', bound: 3 },
] as const;

/** What a call takes through the gateway less what it takes without it, at the same quantile, in turns. */
export const latencyLane: Lane = {
  name: 'latency',
  rows,
  async run(rig) {
    const { upstream, gateway } = await rig.standing();
    await measure(rig, gateway, 'same');
    const rounds: { direct: OpenLoopResult; through: OpenLoopResult }[] = [];
    for (let round = 0; round < rig.options.rounds; round++) {
      rounds.push({ direct: await measure(rig, upstream, 'gpt-bench'), through: await measure(rig, gateway, 'same') });
    }
    return rows.map(({ lane, unit, bound }, index) => {
      const quantile = index === 0 ? 'p50' : 'p99';
      const [through, direct] = [
        median(rounds.map((round) => round.through[quantile])),
        median(rounds.map((round) => round.direct[quantile])),
      ];
      const added = median(rounds.map((round) => round.through[quantile] - round.direct[quantile]));
      return atMost(lane, added, unit, bound, `${through.toFixed(2)} ms against ${direct.toFixed(2)} ms without it`);
    });
  },
};

const measure = async (rig: Rig, server: Server, model: string): Promise<OpenLoopResult> => {
  const seconds = rig.options.seconds;
  const job: OpenLoopJob = { port: server.port, path: '/v1/chat/completions', body: chatBody(model), rate, seconds };
  const child = start([process.execPath, join(import.meta.dir, '../load/open-loop.ts'), JSON.stringify(job)], {
    core: rig.cores.load,
    read: true,
  });
  try {
    const result = JSON.parse(await child.line((seconds + 20) * 1000)) as OpenLoopResult;
    if (result.failed > 0) throw new Error(`${result.failed} of ${result.answered + result.failed} calls failed`);
    return result;
  } finally {
    await child.kill();
  }
};

import { atMost } from '../report.ts';
import { median } from '../rig/wait.ts';
import type { Lane } from './lane.ts';

const row = { lane: 'start to first answer', unit: 's', bound: 0.4 } as const;

/** From the command of the README to the first answered call, on all cores; the launcher's own start on Node is part of it. */
export const startLane: Lane = {
  name: 'start',
  rows: [row],
  async run(rig) {
    const upstream = await rig.startUpstream();
    const starts: number[] = [];
    for (let round = 0; round < 5; round++) {
      const { child, startMs } = await rig.startGateway(upstream, { pinned: false });
      starts.push(startMs / 1000);
      await child.kill();
    }
    await upstream.child.kill();
    return [
      atMost(row.lane, median(starts), row.unit, row.bound, `median of ${starts.length}; slowest ${Math.max(...starts).toFixed(2)} s`),
    ];
  },
};

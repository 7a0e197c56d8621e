import { join } from 'node:path';
import type { OpenStreamsJob } from '../load/open-streams.ts';
import { chatBody } from '../load/request.ts';
import { atMost, type Row } from '../report.ts';
import { start } from '../rig/processes.ts';
import { rssMb } from '../rig/proc.ts';
import type { Rig } from '../rig/rig.ts';
import { waitFor } from '../rig/wait.ts';
import type { Lane } from './lane.ts';

const streamCount = 1000;
const settleMs = 2000;
const idleRow = { lane: 'memory, idle', unit: 'MB', bound: 80 } as const;
const callsRow = { lane: 'memory, after many calls', unit: 'MB', bound: 120 } as const;
const streamsRow = { lane: 'memory, 1,000 open streams', unit: 'MB', bound: 200 } as const;

/** Resident memory of the process that answers. The launcher, where it stays, moves no bytes and is not counted. */
export const memoryLane: Lane = {
  name: 'memory',
  rows: [idleRow, callsRow, streamsRow],
  run: async (rig) => [...(await afterCalls(rig)), await withStreams(rig)],
};

const afterCalls = async (rig: Rig): Promise<Row[]> => {
  const upstream = await rig.startUpstream();
  const gateway = await rig.startGateway(upstream);
  await Bun.sleep(settleMs);
  const idle = rssMb(gateway.pid);
  const job = { port: gateway.port, path: '/v1/chat/completions', body: chatBody('same'), connections: 32 };
  let calls = 0;
  let highest = idle;
  while (calls < rig.options.calls) {
    await rig.load({ ...job, seconds: 5 });
    calls = (await upstream.counters()).requests;
    highest = Math.max(highest, rssMb(gateway.pid));
  }
  await Bun.sleep(settleMs);
  const after = rssMb(gateway.pid);
  await gateway.child.kill();
  await upstream.child.kill();
  return [
    atMost(idleRow.lane, idle, idleRow.unit, idleRow.bound, `${(settleMs / 1000).toFixed(0)} s after its first answer`),
    atMost(
      callsRow.lane,
      after,
      callsRow.unit,
      callsRow.bound,
      `after ${calls.toLocaleString('en')} calls; highest seen ${highest.toFixed(0)} MB`,
    ),
  ];
};

const withStreams = async (rig: Rig): Promise<Row> => {
  const upstream = await rig.startUpstream();
  const slow = await rig.startUpstream({ tickMs: 1000, events: 10_000 });
  const gateway = await rig.startGateway(upstream, { slow });
  const job: OpenStreamsJob = { port: gateway.port, path: '/v1/chat/completions', body: chatBody('slow', true), count: streamCount };
  const client = start([process.execPath, join(import.meta.dir, '../load/open-streams.ts'), JSON.stringify(job)], {
    core: rig.cores.load,
    read: true,
  });
  const said = await client.line(30_000);
  if (said !== 'open') throw new Error(`the streams did not open: ${said}`);
  let highest = 0;
  for (let second = 0; second < 5; second++) {
    await Bun.sleep(1000);
    highest = Math.max(highest, rssMb(gateway.pid));
  }
  if ((await slow.counters()).streams !== streamCount) throw new Error('the streams did not stay open');
  await client.kill();
  const left = performance.now();
  await waitFor('the end of the upstream streams after the clients left', async () => (await slow.counters()).streams === 0, 5000, 5);
  const note = `highest of 5 s, an event a second each; the upstream's ends ${(performance.now() - left).toFixed(0)} ms after all clients left`;
  for (const { child } of [gateway, slow, upstream]) await child.kill();
  return atMost(streamsRow.lane, highest, streamsRow.unit, streamsRow.bound, note);
};

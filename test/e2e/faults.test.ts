import { afterAll, describe, expect, test } from 'bun:test';
import { connectingFaults } from '../kit/faults/connecting.ts';
import { connectionFaults } from '../kit/faults/connection.ts';
import { contentFaults, elsewhere } from '../kit/faults/content.ts';
import type { Fault } from '../kit/faults/fault.ts';
import { framingFaults } from '../kit/faults/framing.ts';
import { buildMatrix } from '../kit/faults/matrix.ts';
import { createFaultRig, secrets } from '../kit/faults/rig.ts';
import { countTimers } from '../kit/faults/timers.ts';

/* Every fault, in front of every client's format, whole and streamed, in every provider's format. */

/** Far from what a fault takes, also where the machine is busy: the deadline of faults that are slow is `slowTryMs`. */
const deadlines = { connectMs: 8000, tryMs: 5000, allMs: 6000 };
/** What a busy machine may add. */
const slackMs = 3000;

const groups: Readonly<Record<string, readonly Fault[]>> = {
  'to a connection': connectingFaults,
  'on a connection': connectionFaults,
  'in the framing': framingFaults,
  'in the content': contentFaults,
};

const timers = countTimers();
const rig = await createFaultRig(deadlines);
rig.upstream.serve(elsewhere, () => ({ steps: ['close'] }));
const matrix = await buildMatrix(rig, Object.values(groups).flat(), {
  longestMs: deadlines.allMs + slackMs,
  quickAtOnce: 40,
  slowAtOnce: 180,
  slowTryMs: 1500,
});
rig.start();

for (const [name, faults] of Object.entries(groups)) {
  describe(`faults ${name}`, () => {
    // Many at a time: each takes as long as all of them on a slow machine.
    for (const fault of faults) test.concurrent(fault.name, async () => expect(await matrix.run(fault)).toEqual([]), 120_000);
  });
}

describe('afterwards', () => {
  test('no call, connection, socket or timer is left', async () => {
    expect(await rig.metric('sluice_open_calls')).toBe(0);
    expect(rig.transport.stats()).toMatchObject({ connecting: 0, active: 0, waiting: 0 });
    rig.transport.close();
    expect(await rig.upstream.open(2000)).toBe(0);
    expect(timers.pending()).toEqual([]);
  });

  test('nobody followed a redirect', () => expect(rig.upstream.requests(elsewhere)).toBe(0));

  test('no secret and no prompt stands in the log', () => {
    const log = rig.lines.join('\n');
    for (const secret of Object.values(secrets)) expect(log.includes(secret)).toBe(false);
  });
});

afterAll(async () => {
  timers.restore();
  await rig.stop();
});

import { expect, test } from 'bun:test';
import type { Reservation } from '../../../limits/index.ts';
import { BatchHolds } from './batch-holds.ts';
import type { BatchTable, OpenJob } from './batch-table.ts';

const dayMs = 24 * 3_600_000;

/** A table of jobs in memory, and what is held for them. */
const world = (isShared = false) => {
  const rows = new Map<string, { job: OpenJob; heldUntil: number }>();
  const ended: string[] = [];
  const clock = { at: 1_000_000 };
  const table = {
    holding: async () => [...rows].map(([id, { heldUntil }]) => ({ id, heldUntil })),
    of: async (ids: readonly string[]) => ids.flatMap((id) => rows.get(id)?.job ?? []),
    takeHold: async (id: string, now: number, until: number) => {
      const row = rows.get(id)!;
      if (row.heldUntil > now) return false;
      row.heldUntil = until;
      return true;
    },
    keepHolds: async (ids: readonly string[], until: number) => void ids.forEach((id) => (rows.get(id)!.heldUntil = until)),
  } as unknown as BatchTable;
  const gateway = (name: string) => {
    const held = new Map<number, number>();
    let holds = 0;
    const hold = async (_: unknown, nanodollars: number, forMs: number): Promise<Reservation> => {
      const slot = ++holds;
      held.set(slot, nanodollars);
      expect(forMs).toBeLessThanOrEqual(8 * dayMs);
      return {
        settle({ costNanodollars = 0 }) {
          held.delete(slot);
          ended.push(`${name} settled ${costNanodollars}`);
        },
        release() {
          held.delete(slot);
          ended.push(`${name} released`);
        },
      };
    };
    const batches = new BatchHolds({ table, hold, isShared: () => isShared, now: () => clock.at });
    return { batches, sum: () => [...held.values()].reduce((sum, each) => sum + each, 0) };
  };
  const job = (id: string, nanodollars = 5) =>
    ({ id, createdAt: clock.at, held: { nanodollars, budgets: [{ subject: 'key:k' }] } }) as unknown as OpenJob;
  const make = async ({ batches }: ReturnType<typeof gateway>, id: string) => {
    rows.set(id, { job: job(id), heldUntil: batches.leaseUntil() });
    await batches.add(job(id));
  };
  return { rows, ended, clock, gateway, make };
};

test('what is held is held once by each gateway, and settled at what it cost', async () => {
  const { rows, ended, gateway, make } = world();
  const [first, second] = [gateway('first'), gateway('second')];
  await make(first, 'a');
  await Promise.all([first.batches.sync(), second.batches.sync(), first.batches.sync()]);
  expect([first.sum(), second.sum()]).toEqual([5, 5]);
  first.batches.settle('a', 3);
  rows.delete('a');
  await second.batches.sync();
  expect([first.sum(), second.sum()]).toEqual([0, 0]);
  expect(ended).toEqual(['first settled 3', 'second released']);
});

test('where all see it, one gateway holds it, and another one once that is gone', async () => {
  const { clock, gateway, make } = world(true);
  const [first, second] = [gateway('first'), gateway('second')];
  await make(first, 'a');
  await second.batches.sync();
  expect([first.sum(), second.sum()]).toEqual([5, 0]);
  // It goes on holding it.
  clock.at += 2 * 60_000;
  await first.batches.sync();
  clock.at += 2 * 60_000;
  await second.batches.sync();
  expect(second.sum()).toBe(0);
  // It is gone.
  clock.at += 4 * 60_000;
  await second.batches.sync();
  expect(second.sum()).toBe(5);
});

test('what is too old is held no more', async () => {
  const { clock, gateway, make } = world();
  const first = gateway('first');
  await make(first, 'a');
  clock.at += 9 * dayMs;
  const later = gateway('later');
  await later.batches.sync();
  expect(later.sum()).toBe(0);
});

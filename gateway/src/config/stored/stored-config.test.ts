import { afterEach, describe, expect, test } from 'bun:test';
import { Secret, SluiceError } from 'sluice/kit';
import { createSealer, saltKeyOf } from '../../storage/sealed/index.ts';
import { quickStartSnapshot } from '../quick-start.ts';
import { load } from '../testing.ts';
import { sealMembers } from './secret-members.ts';
import { createStoredConfig, type StoredConfig } from './stored-config.ts';
import { sealedPlace, type StoredReader, type StoredRows } from './stored-rows.ts';

const sealer = createSealer({ keys: [saltKeyOf(new Secret('salt'))] });
const none: StoredRows = { models: [], credentials: [], settings: [] };
const rowsOf = (...ids: string[]): StoredRows => ({
  ...none,
  models: ids.map((id) => ({
    id,
    createdAt: 0,
    createdBy: 'a',
    updatedAt: 0,
    updatedBy: 'a',
    data: {
      model_name: id,
      litellm_params: sealMembers({ model: 'openai/x', api_key: `sk-${id}` }, sealedPlace.model(id), sealer),
      model_info: {},
    },
  })),
});

/** A database whose contents and health a test says. */
const fakeReader = (first: StoredRows) => {
  const listeners = new Set<(kind: string | undefined) => void>();
  const state = { rows: first, away: false, reads: 0, gate: undefined as Promise<void> | undefined };
  const reader: StoredReader = {
    async read() {
      state.reads++;
      const { rows } = state;
      await state.gate;
      if (state.away) throw new SluiceError('unavailable', 'The database is away.');
      return rows;
    },
    onChanged: (listener) => (listeners.add(listener), () => void listeners.delete(listener)),
  };
  return { reader, state, listeners, announce: (kind: string | undefined) => listeners.forEach((each) => each(kind)) };
};

let open: StoredConfig | undefined;
afterEach(() => open?.stop());

const start = async (fake: ReturnType<typeof fakeReader>) => {
  const changes: number[] = [];
  const lines: string[] = [];
  const log = (message: string, fields: Record<string, unknown>) => void lines.push(`${message} ${JSON.stringify(fields)}`);
  open = createStoredConfig({
    reader: fake.reader,
    sealer,
    env: {},
    providers: ['openai'],
    onChange: () => changes.push(performance.now()),
    log: { warn: log, info: log },
  });
  await open.start();
  const atStart = changes.length;
  changes.length = 0;
  return { config: open, changes, lines, atStart };
};

const until = async (holds: () => boolean): Promise<void> => {
  const late = performance.now() + 3000;
  while (!holds()) {
    if (performance.now() > late) throw new Error('not in time');
    await Bun.sleep(5);
  }
};

describe('createStoredConfig', () => {
  test('opens what is sealed and joins it to each file that comes', async () => {
    const { config, atStart } = await start(fakeReader(rowsOf('a')));
    expect(atStart).toBe(1);
    const file = load('model_list: [{ model_name: f, litellm_params: { model: openai/f } }]');
    const made = config.merged(file);
    expect(made.deployments.map(({ modelName }) => modelName)).toEqual(['f', 'a']);
    expect(made.deployments[1]?.apiKey?.reveal()).toBe('sk-a');
    expect(config.merged(load('router_settings: { num_retries: 1 }')).deployments.map(({ modelName }) => modelName)).toEqual(['a']);
    expect(config.merged(quickStartSnapshot({ providers: [] })).deployments.map(({ modelName }) => modelName)).toEqual(['mock/*', 'a']);
  });

  test('changes within 50 ms become live together, and within a second (FP-36)', async () => {
    const fake = fakeReader(rowsOf('a'));
    const { config, changes } = await start(fake);
    fake.state.rows = rowsOf('a', 'b');
    const at = performance.now();
    for (let count = 0; count < 20; count++) fake.announce('model');
    await until(() => changes.length > 0);
    expect(performance.now() - at).toBeLessThan(1000);
    expect(config.parts.models).toHaveLength(2);
    await Bun.sleep(120);
    expect(changes).toHaveLength(1);
  });

  test('other kinds, and changes that change nothing, are none', async () => {
    const fake = fakeReader(rowsOf('a'));
    const { changes } = await start(fake);
    fake.announce('key');
    await Bun.sleep(80);
    expect(fake.state.reads).toBe(1);
    fake.announce(undefined);
    await until(() => fake.state.reads === 2);
    await Bun.sleep(20);
    expect(changes).toEqual([]);
  });

  test('who has written sees it live once refresh is over, also while another read runs', async () => {
    const fake = fakeReader(rowsOf('a'));
    const { config, changes } = await start(fake);
    const gate = Promise.withResolvers<void>();
    fake.state.gate = gate.promise;
    const first = config.refresh();
    fake.state.rows = rowsOf('a', 'b');
    const mine = config.refresh();
    gate.resolve();
    await Promise.all([first, mine]);
    expect(config.parts.models.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(changes).toHaveLength(1);
  });

  test('what did not change is not opened and read again', async () => {
    const fake = fakeReader(rowsOf('a'));
    const { config } = await start(fake);
    const [before] = config.parts.models;
    fake.state.rows = { ...none, models: [...fake.state.rows.models, ...rowsOf('b').models] };
    await config.refresh();
    expect(config.parts.models[0]).toBe(before!);
    fake.state.rows = rowsOf('a', 'b');
    await config.refresh();
    // Sealed anew, so another row.
    expect(config.parts.models[0]).not.toBe(before!);
  });

  test('the last one that goes away is gone', async () => {
    const fake = fakeReader(rowsOf('a'));
    const { config, changes } = await start(fake);
    fake.state.rows = none;
    await config.refresh();
    expect(changes).toHaveLength(1);
    const file = load('router_settings: { num_retries: 1 }');
    expect(config.merged(file)).toBe(file);
  });

  test('a database that is away at start does not fail it; what it has comes with it', async () => {
    const fake = fakeReader(rowsOf('a'));
    fake.state.away = true;
    const { config, changes, lines } = await start(fake);
    expect(config.parts.models).toEqual([]);
    expect(lines).toHaveLength(1);
    fake.state.away = false;
    fake.announce(undefined);
    await until(() => changes.length === 1);
    expect(config.parts.models).toHaveLength(1);
  });

  test('a database that goes away takes nothing with it', async () => {
    const fake = fakeReader(rowsOf('a'));
    const { config } = await start(fake);
    fake.state.away = true;
    await expect(config.refresh()).rejects.toThrow('away');
    expect(config.parts.models).toHaveLength(1);
  });

  test('what is left out is logged once, without a secret', async () => {
    const bad = rowsOf('a', 'b');
    const [first, second] = bad.models;
    // Moved from another row.
    const { config, lines } = await start(fakeReader({ ...bad, models: [{ ...first!, data: second!.data }] }));
    const file = load('router_settings: { num_retries: 1 }');
    expect(config.merged(file).stored?.problems[0]).toMatchObject({ id: 'a', decryptionFailed: true });
    config.merged(file);
    expect(lines.filter((line) => line.startsWith('left out'))).toHaveLength(1);
    expect(lines.join()).not.toContain('sk-');
  });

  test('after stop nobody listens', async () => {
    const fake = fakeReader(none);
    const { config } = await start(fake);
    config.stop();
    expect(fake.listeners.size).toBe(0);
  });
});

import { afterEach, describe, expect, test } from 'bun:test';
import { SluiceError } from 'sluice/kit';
import { plainHealthChecks } from '../config/router-defaults.ts';
import type { Deployment, HealthCheckSettings } from '../config/snapshot.ts';
import type { CallRecord } from '../telemetry/call-record.ts';
import { createHealthChecks, type HealthChecks } from './health-checks.ts';
import type { ProbeOutcome } from './health-probe.ts';
import type { Live } from './live.ts';

const deployment = (id: string, more: Partial<Deployment> = {}): Deployment => ({ id, modelName: `model-${id}`, ...more }) as Deployment;
const liveOf = (deployments: readonly Deployment[], settings: Partial<HealthCheckSettings> = {}): Live =>
  ({ snapshot: { deployments, healthChecks: { ...plainHealthChecks, ...settings } } }) as unknown as Live;

/** Time that passes when it is told to. */
const rig = (outcome: (id: string) => ProbeOutcome | Promise<ProbeOutcome> = () => ({ kind: 'call' })) => {
  let now = 1_000_000;
  const probed: string[] = [];
  const records: CallRecord[] = [];
  const sleeps: { until: number; wake: () => void }[] = [];
  let open = 0;
  let mostOpen = 0;
  const checks = createHealthChecks({
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((wake) => {
        sleeps.push({ until: now + ms, wake });
        signal.addEventListener('abort', () => wake());
      }),
    random: () => 0.5,
    account: (record) => void records.push(record),
    newId: () => 'id',
    probe: async (_, { id }) => {
      probed.push(id);
      mostOpen = Math.max(mostOpen, ++open);
      try {
        return await outcome(id);
      } finally {
        open--;
      }
    },
  });
  running.push(checks);
  return {
    checks,
    probed,
    records,
    mostOpen: () => mostOpen,
    async pass(ms: number) {
      now += ms;
      for (const one of sleeps.splice(0))
        if (one.until <= now) one.wake();
        else sleeps.push(one);
      await settle();
    },
  };
};
const settle = () => new Promise((resolve) => setTimeout(resolve, 1));

const running: HealthChecks[] = [];
afterEach(() => {
  for (const one of running.splice(0)) one.stop();
});

describe('by hand', () => {
  test('each is checked, and a result of a moment ago is not asked for anew (FP-49)', async () => {
    const { checks, probed, pass } = rig();
    const live = liveOf([deployment('a'), deployment('b')]);
    const results = await checks.check(live, live.snapshot.deployments);
    expect(results.map(({ deploymentId, healthy, by }) => [deploymentId, healthy, by])).toEqual([
      ['a', true, 'call'],
      ['b', true, 'call'],
    ]);
    await pass(9000);
    await checks.check(live, live.snapshot.deployments);
    expect(probed).toEqual(['a', 'b']);
    await pass(2000);
    await checks.check(live, live.snapshot.deployments);
    expect(probed).toHaveLength(4);
  });

  test('two that ask at the same time share the checks, and no more run than the bound', async () => {
    const { checks, probed, mostOpen } = rig(async () => {
      await settle();
      return { kind: 'call' };
    });
    const live = liveOf(
      Array.from({ length: 20 }, (_, at) => deployment(`d${at}`)),
      { concurrency: 3 },
    );
    await Promise.all([checks.check(live, live.snapshot.deployments), checks.check(live, live.snapshot.deployments)]);
    expect(probed).toHaveLength(20);
    expect(mostOpen()).toBeLessThanOrEqual(6);
  });

  test('what answered a client a moment ago is not asked', async () => {
    const { checks, probed } = rig();
    const live = liveOf([deployment('a')]);
    checks.board.saw(deployment('a'), undefined, 1_000_000 - 30_000);
    expect(await checks.check(live, live.snapshot.deployments)).toMatchObject([{ healthy: true, by: 'traffic' }]);
    expect(probed).toEqual([]);
  });

  test("a provider's words are not told, ours are", async () => {
    const upstream = new SluiceError('authentication', 'Incorrect API key provided: sk-live-1234.', { upstream: { type: 'x' } });
    const { checks } = rig((id) => ({ kind: 'call', error: id === 'a' ? upstream : new SluiceError('connection', 'No connection.') }));
    const live = liveOf([deployment('a'), deployment('b')]);
    const [a, b] = await checks.check(live, live.snapshot.deployments);
    expect(a).toMatchObject({
      healthy: false,
      code: 'authentication',
      status: 401,
      message: 'The provider answered 401 (authentication).',
    });
    expect(b).toMatchObject({ healthy: false, code: 'connection', message: 'No connection.' });
  });

  test('calls are accounted as checks, looks at a connection are not', async () => {
    const { checks, records } = rig((id) => ({ kind: id === 'a' ? 'call' : 'connection' }));
    const live = liveOf([deployment('a'), deployment('b')]);
    await checks.check(live, live.snapshot.deployments);
    expect(records).toMatchObject([{ route: 'health_check', deploymentId: 'a', model: 'model-a', callId: 'id' }]);
  });
});

describe('in the background', () => {
  test('all are checked at once, and again after the interval; what served clients meanwhile is left alone', async () => {
    const { checks, probed, pass } = rig();
    checks.configure(liveOf([deployment('a'), deployment('b')], { background: true, intervalMs: 1000 }));
    await settle();
    expect(probed).toEqual(['a', 'b']);
    checks.board.saw(deployment('a'), undefined, 1_000_500);
    await pass(1000);
    expect(probed).toEqual(['a', 'b', 'b']);
    await pass(1000);
    expect(probed).toEqual(['a', 'b', 'b', 'a', 'b']);
  });

  test('those that are switched off, of other names or only choose are not checked', async () => {
    const { checks, probed } = rig();
    const all = [
      deployment('a'),
      deployment('off', { modelName: 'model-a', healthCheck: { disabled: true } }),
      deployment('other'),
      deployment('auto', { modelName: 'model-a', autoRouter: { kind: 'semantic', routes: [], defaultModel: 'x', embeddingModel: 'y' } }),
    ];
    checks.configure(liveOf(all, { background: true, models: ['model-a'] }));
    await settle();
    expect(probed).toEqual(['a']);
  });

  test('another configuration takes over, or ends it', async () => {
    const { checks, probed, pass } = rig();
    checks.configure(liveOf([deployment('a')], { background: true, intervalMs: 1000 }));
    await settle();
    checks.configure(liveOf([deployment('b')], { background: true, intervalMs: 1000 }));
    await settle();
    expect(probed).toEqual(['a', 'b']);
    expect(checks.board.of('a')).toBeUndefined();
    await pass(1000);
    expect(probed).toEqual(['a', 'b', 'b']);
    checks.configure(liveOf([deployment('b')]));
    await pass(5000);
    expect(probed).toEqual(['a', 'b', 'b']);
  });
});

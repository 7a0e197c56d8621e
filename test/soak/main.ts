import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startFaultUpstream } from '../kit/faults/upstream.ts';
import { createModels } from './providers.ts';
import { settled, slopeOf } from './slope.ts';
import { startTraffic } from './traffic.ts';
import { ownFolder } from '../kit/own-folder.ts';

/* npm run soak [-- --minutes N]: mixed traffic in front of a gateway in a process of its own, and what it leaves behind. */

const minutes = process.argv[2] === undefined ? 30 : Number(process.argv[2] === '--minutes' ? process.argv[3] : NaN);
if (!(minutes > 0)) {
  console.error('npm run soak [-- --minutes N]');
  process.exit(2);
}

/** Passed if memory rises no faster than this, or by no more than what measuring itself is uncertain by. */
const bounds = {
  rss: { mbPerHour: 30, mb: 12 },
  heap: { mbPerHour: 10, mb: 3 },
};
const everyMs = Math.min(10_000, (minutes * 60_000) / 12);
const clients = 16;
const pauseMs = 60;
const key = 'sk-soak-90c1d2e3f4a5b6c7d8e9f00112233445';
const mebibyte = 1024 * 1024;

interface Sample {
  at: number;
  rss: number;
  heap: number;
  sockets: number;
  unexpected: number;
  types: Record<string, number>;
  openCalls: number;
}

const upstream = await startFaultUpstream();
const models = createModels(upstream);
const folder = ownFolder('soak');
const file = join(folder, 'config.json');
const sluice_settings = { first_token_timeout_ms: 1000, idle_timeout_ms: 1000, timeout_ms: 4000, connect_timeout_ms: 1000 };
writeFileSync(file, JSON.stringify({ model_list: models.list, router_settings: { num_retries: 1 }, sluice_settings }));
const gateway = Bun.spawn([process.execPath, join(import.meta.dir, 'gateway.ts'), file, key, String(everyMs)], {
  env: { PATH: process.env['PATH'] ?? '' },
  stdin: 'ignore',
  stdout: 'pipe',
  stderr: 'inherit',
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    gateway.kill('SIGKILL');
    process.exit(130);
  });
}

const samples: Sample[] = [];
const started = Promise.withResolvers<string>();
const stopped = Promise.withResolvers<{ sockets: number } | undefined>();
const startedAt = performance.now();
let url = '';

const openCalls = async (): Promise<number> => {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^sluice_open_calls (\d+)$/m.exec(text)?.[1]);
};

const take = async (line: string): Promise<void> => {
  const told = JSON.parse(line) as { url?: string; sample?: Omit<Sample, 'at' | 'openCalls'>; stopped?: { sockets: number } };
  if (told.url !== undefined) started.resolve(told.url);
  if (told.stopped) stopped.resolve(told.stopped);
  if (told.sample) samples.push({ ...told.sample, at: (performance.now() - startedAt) / 1000, openCalls: await openCalls() });
};

const listen = async (): Promise<void> => {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of gateway.stdout) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) await take(line).catch(() => {});
  }
  started.reject(new Error('the gateway did not start'));
  stopped.resolve(undefined);
};
void listen();

url = await started.promise;
const traffic = startTraffic({ url, key, models }, clients, pauseMs);
const mb = (bytes: number): string => (bytes / mebibyte).toFixed(1).padStart(7);
console.log(`${minutes} minutes, ${clients} clients, ${models.list.length} models\n   min    calls  RSS MB heap MB sockets in flight`);
let shown = 0;
for (const end = performance.now() + minutes * 60_000; performance.now() < end;) {
  await Bun.sleep(Math.min(1000, Math.max(1, end - performance.now())));
  const last = samples.at(-1);
  if (!last || (last.at < shown + 60 && performance.now() < end)) continue;
  shown = last.at;
  console.log(
    `${(last.at / 60).toFixed(1).padStart(6)} ${String(traffic.counts.calls).padStart(8)} ${mb(last.rss)} ${mb(last.heap)} ${String(last.sockets).padStart(7)} ${String(last.openCalls).padStart(9)}`,
  );
}

await traffic.stop();
const inFlight = await openCalls();
gateway.kill('SIGTERM');
const exit = await Promise.race([gateway.exited, Bun.sleep(15_000).then(() => 'it did not exit within 15 s' as const)]);
const left = await stopped.promise;
if (typeof exit === 'string') gateway.kill('SIGKILL');
await upstream.stop();
rmSync(folder, { recursive: true });

const { counts } = traffic;
const measured = settled(samples);
const seconds = (measured.at(-1)?.at ?? 0) - (measured[0]?.at ?? 0);
const failures: string[] = [];
for (const name of ['rss', 'heap'] as const) {
  const perSecond = slopeOf(measured.map((sample) => ({ at: sample.at, value: sample[name] / mebibyte })));
  const perHour = perSecond * 3600;
  const { mbPerHour, mb: noise } = bounds[name];
  const passed = perHour <= mbPerHour || perSecond * seconds <= noise;
  console.log(
    `${name.padEnd(5)} ${perHour.toFixed(1)} MB/hour over the last two thirds (bound ${mbPerHour}, or ${noise} MB in all): ${passed ? 'passed' : 'FAILED'}`,
  );
  if (!passed) failures.push(`${name} grows`);
}
if (failures.length > 0) {
  const [first, last] = [measured[0]?.types ?? {}, measured.at(-1)?.types ?? {}];
  const grown = Object.entries(last)
    .map(([type, count]) => [type, count - (first[type] ?? 0)] as const)
    .toSorted((a, b) => b[1] - a[1]);
  console.log(
    `what grew: ${grown
      .slice(0, 8)
      .map(([type, count]) => `${type} +${count}`)
      .join(', ')}`,
  );
}
if (samples.length < 6) failures.push('too few samples');
if (inFlight !== 0) failures.push(`${inFlight} calls are still counted as open`);
if (exit !== 0) failures.push(`the gateway did not end by itself: ${exit}`);
if (left?.sockets !== 0) failures.push(`${left?.sockets} sockets are left open`);
if ((samples.at(-1)?.unexpected ?? 0) > 0) failures.push('unexpected failures in the log');
failures.push(...counts.wrong);
console.log(`${counts.calls} calls, ${counts.left} left early, by status ${JSON.stringify(counts.byStatus)}`);
console.log(`in flight at the end ${inFlight}, open sockets after the stop ${left?.sockets}, exit ${exit}`);
console.log(failures.length === 0 ? 'passed' : `FAILED\n  ${failures.join('\n  ')}`);
process.exit(failures.length === 0 ? 0 : 1);

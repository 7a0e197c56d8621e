import { heapStats } from 'bun:jsc';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { Secret } from 'sluice/kit';
import { loadConfig } from '../../gateway/src/config/load.ts';
import { startServer } from '../../gateway/src/server/index.ts';

/*
 * The gateway under soak, in a process of its own: `bun gateway.ts CONFIG KEY EVERY_MS`. It tells its address and then
 * its memory, a line of JSON each. After SIGTERM it stops the server and nothing else: if anything of it were still open,
 * the process would not end.
 */

const [file = '', key = '', everyMs = '10000'] = process.argv.slice(2);

/** Sockets of TCP that this process has. Those between it and its parent are others. */
const sockets = (): number => {
  const tcp = new Set<string>();
  for (const table of ['tcp', 'tcp6']) {
    for (const line of readFileSync(`/proc/self/net/${table}`, 'utf8').split('\n').slice(1)) tcp.add(line.trim().split(/\s+/)[9] ?? '');
  }
  let count = 0;
  for (const name of readdirSync('/proc/self/fd')) {
    try {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${name}`))?.[1];
      if (inode !== undefined && tcp.has(inode)) count++;
    } catch {
      // It was the one that the folder itself was read by.
    }
  }
  return count;
};

const tell = (value: object): void => void process.stdout.write(`${JSON.stringify(value)}\n`);

const loaded = loadConfig(readFileSync(file, 'utf8'), { file, env: {} });
if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems.slice(0, 3)));
let unexpected = 0;
const server = await startServer({
  snapshot: loaded.snapshot,
  host: '127.0.0.1',
  port: 0,
  masterKey: new Secret(key),
  env: {},
  log: (line) => {
    if (!line.includes('unexpected failure')) return;
    unexpected++;
    process.stderr.write(`${line}\n`);
  },
  version: 'soak',
});

const sample = (): void => {
  // Only what is in use: garbage comes and goes.
  Bun.gc(true);
  const { heapSize, objectTypeCounts } = heapStats();
  tell({
    sample: { rss: process.memoryUsage.rss(), heap: heapSize, sockets: sockets(), unexpected, types: objectTypeCounts },
  });
};
const timer = setInterval(sample, Number(everyMs));
process.once('SIGTERM', async () => {
  clearInterval(timer);
  await server.stop({ drainTimeoutMs: 2000 });
  tell({ stopped: { sockets: sockets() } });
});
tell({ url: server.url });

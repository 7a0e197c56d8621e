import { existsSync, readFileSync, rmSync } from 'node:fs';
import { freePort } from './free-port.ts';
import { ownFolder } from './own-folder.ts';

/** A real Redis of the test's own: no password unless asked for, nothing on disk. */
export interface TestRedis {
  readonly port: number;
  readonly url: string;
  /** Its process stands still when this is over; what is sent to it waits in the sockets. */
  pause(): Promise<void>;
  resume(): void;
  /** At once, as by a crash. All data is gone. */
  kill(): Promise<void>;
  /** Again on the same port, empty. */
  restart(): Promise<void>;
  /** One command, on a connection of its own. */
  command(command: string, ...args: string[]): Promise<unknown>;
  stop(): Promise<void>;
}

/** Why there is no Redis to test with; undefined where there is. On Debian, as root, it is installed first. */
export const redisMissing = (): string | undefined => {
  if (Bun.which('redis-server')) return undefined;
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    // RUNLEVEL=1 keeps the package from starting a server of its own.
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
    const apt = (args: string[]) => Bun.spawnSync(['apt-get', ...args], { env, stdout: 'ignore', stderr: 'ignore', timeout: 180_000 });
    apt(['install', '-y', '--no-install-recommends', 'redis-server']);
    if (!Bun.which('redis-server')) {
      apt(['update']);
      apt(['install', '-y', '--no-install-recommends', 'redis-server']);
    }
  }
  return Bun.which('redis-server')
    ? undefined
    : "redis-server is not installed: apt-get install redis-server (or your system's package of it)";
};

export interface TestRedisOptions {
  password?: string;
  /** More of its command line: `['--maxmemory', '1mb']`. */
  args?: readonly string[];
}

export const startRedis = async ({ password, args = [] }: TestRedisOptions = {}): Promise<TestRedis> => {
  const folder = ownFolder('redis');
  const port = await freePort();
  const url = `redis://${password === undefined ? '' : `:${encodeURIComponent(password)}@`}127.0.0.1:${port}`;
  const command = async (name: string, ...args: string[]): Promise<unknown> => {
    const client = new Bun.RedisClient(url, { autoReconnect: false, connectionTimeout: 1000 });
    try {
      await client.connect();
      return await client.send(name, args);
    } finally {
      client.close();
    }
  };
  const run = async (): Promise<Bun.Subprocess> => {
    const child = Bun.spawn(
      [
        'redis-server',
        ...`--port ${port} --bind 127.0.0.1 --appendonly no --loglevel warning`.split(' '),
        '--save',
        '',
        '--dir',
        folder,
        ...(password === undefined ? [] : ['--requirepass', password]),
        ...args,
      ],
      { stdout: 'ignore', stderr: 'ignore' },
    );
    const deadline = performance.now() + 10_000;
    for (;;) {
      const answers = await command('PING').then(
        () => true,
        () => false,
      );
      if (answers) return child;
      if (child.exitCode !== null || performance.now() > deadline) throw new Error(`redis-server does not answer on port ${port}.`);
      await Bun.sleep(20);
    }
  };
  let child = await run();
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    // One that stands still would not see the signal.
    child.kill('SIGCONT');
    child.kill(signal);
    await child.exited;
  };
  return {
    port,
    url,
    async pause() {
      child.kill('SIGSTOP');
      const stands = () => /^State:\s+T/m.test(readFileSync(`/proc/${child.pid}/status`, 'utf8'));
      // A signal takes effect when the process is next given its turn.
      if (existsSync('/proc/self/status')) while (!stands()) await Bun.sleep(1);
      else await Bun.sleep(100);
    },
    resume: () => child.kill('SIGCONT'),
    kill: () => end('SIGKILL'),
    async restart() {
      if (child.exitCode === null && child.signalCode === null) await end('SIGKILL');
      child = await run();
    },
    command,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) await end('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** Three servers that share all slots. */
export const startRedisCluster = async (): Promise<{ nodes: readonly TestRedis[]; stop(): Promise<void> }> => {
  const nodes: TestRedis[] = [];
  const stop = async (): Promise<void> => void (await Promise.all(nodes.map((node) => node.stop())));
  try {
    const buses: string[] = [];
    for (let at = 0; at < 3; at++) {
      // The bus is 10,000 above the port unless it is said; ports that the system gives out may be too high for that.
      buses.push(String(await freePort()));
      nodes.push(await startRedis({ args: ['--cluster-enabled', 'yes', '--cluster-port', buses[at]!, '--cluster-node-timeout', '5000'] }));
    }
    const slots = [0, 5461, 10_923, 16_384];
    // All of them first: one that has been met may no more.
    for (const [at, node] of nodes.entries()) await node.command('CLUSTER', 'SET-CONFIG-EPOCH', String(at + 1));
    for (const [at, node] of nodes.entries()) {
      await node.command('CLUSTER', 'ADDSLOTSRANGE', String(slots[at]), String(slots[at + 1]! - 1));
      // All meet all: by hearsay it takes seconds.
      for (let other = 0; other < 3; other++)
        if (other !== at) await node.command('CLUSTER', 'MEET', '127.0.0.1', String(nodes[other]!.port), buses[other]!);
    }
    const deadline = performance.now() + 15_000;
    const ready = async (): Promise<boolean> => {
      for (const node of nodes) if (!String(await node.command('CLUSTER', 'INFO')).includes('cluster_state:ok')) return false;
      return true;
    };
    while (!(await ready())) {
      if (performance.now() > deadline) throw new Error('The cluster does not come together.');
      await Bun.sleep(50);
    }
    return { nodes, stop };
  } catch (cause) {
    await stop();
    throw cause;
  }
};

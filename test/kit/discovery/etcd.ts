import { rmSync } from 'node:fs';
import { freePort } from '../free-port.ts';
import { ownFolder } from '../own-folder.ts';

/** A real etcd on loopback. */
export interface Etcd {
  url: string;
  put(key: string, value: string): Promise<void>;
  remove(key: string): Promise<void>;
  /** Switches sign-in on, with this user (a password each) beside root. */
  demandSignIn(user: string, password: string): Promise<void>;
  kill(): Promise<void>;
  /** Starts it again, with what it had, at the same address. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** The program; installed where that is allowed (Debian's package, as root). Undefined: why there is none. */
export const findEtcd = (): { path: string } | { missing: string } => {
  const found = Bun.which('etcd');
  if (found) return { path: found };
  if (process.getuid?.() !== 0 || !Bun.which('apt-get'))
    return { missing: 'etcd is not installed, and this is not root on Debian: apt-get install etcd-server' };
  // A package must not start a server of its own here.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const apt = (args: string[]) => Bun.spawnSync(['apt-get', ...args], { env, stdout: 'ignore', stderr: 'ignore', timeout: 180_000 });
  if (apt(['install', '-y', '--no-install-recommends', 'etcd-server']).exitCode !== 0) {
    apt(['update']);
    apt(['install', '-y', '--no-install-recommends', 'etcd-server']);
  }
  const path = Bun.which('etcd');
  return path ? { path } : { missing: 'apt-get install etcd-server failed' };
};

const base64 = (text: string): string => Buffer.from(text).toString('base64');

export const startEtcd = async (path: string): Promise<Etcd> => {
  const folder = ownFolder('etcd');
  const [client, peer] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${client}`;
  const peerUrl = `http://127.0.0.1:${peer}`;
  let child: ReturnType<typeof Bun.spawn> | undefined;
  let token: string | undefined;

  const post = async (route: string, body: object): Promise<Record<string, unknown>> => {
    const response = await fetch(`${url}/v3/${route}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: token === undefined ? {} : { authorization: token },
      signal: AbortSignal.timeout(5000),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    if (!response.ok) throw new Error(`etcd: ${JSON.stringify(answer)}`);
    return answer;
  };
  const start = async () => {
    const urls = ['--listen-client-urls', url, '--advertise-client-urls', url, '--listen-peer-urls', peerUrl];
    const cluster = ['--initial-advertise-peer-urls', peerUrl, '--initial-cluster', `default=${peerUrl}`];
    child = Bun.spawn([path, '--data-dir', folder, ...urls, ...cluster, '--unsafe-no-fsync', '--logger', 'zap', '--log-level', 'error'], {
      stdout: 'ignore',
      stderr: 'ignore',
    });
    const until = Date.now() + 20_000;
    for (;;) {
      const health = await fetch(`${url}/health`, { signal: AbortSignal.timeout(1000) }).catch(() => undefined);
      if (health?.ok) return;
      if (Date.now() > until) throw new Error('etcd did not start within 20 s');
      await Bun.sleep(100);
    }
  };
  const kill = async () => {
    child?.kill('SIGKILL');
    await child?.exited;
  };
  await start();
  return {
    url,
    put: async (key, value) => void (await post('kv/put', { key: base64(key), value: base64(value) })),
    remove: async (key) => void (await post('kv/deleterange', { key: base64(key) })),
    async demandSignIn(user, password) {
      await post('auth/user/add', { name: 'root', password: 'root-password' });
      await post('auth/role/add', { name: 'root' });
      await post('auth/user/grant', { user: 'root', role: 'root' });
      await post('auth/user/add', { name: user, password });
      await post('auth/user/grant', { user, role: 'root' });
      await post('auth/enable', {});
      ({ token } = (await post('auth/authenticate', { name: 'root', password: 'root-password' })) as { token: string });
    },
    kill,
    start,
    async stop() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

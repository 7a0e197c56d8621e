import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { freePort } from './free-port.ts';
import { ownFolder } from './own-folder.ts';

/** A real PostgreSQL of the test's own, in a folder that goes with it. Nothing is synced to disk. */
export interface TestPostgres {
  readonly port: number;
  /** The folder of its socket. */
  readonly folder: string;
  /** Its own database `postgres`, for the user `sluice` whose password is `hidden`. */
  readonly url: string;
  /** @returns the URL of a database that is empty, or a copy of another one that nobody uses */
  newDatabase(template?: string): Promise<string>;
  /** With all that is in it, whoever is connected to it. */
  dropDatabase(url: string): Promise<void>;
  /** One statement, on a connection of its own to the database of `url`. */
  query<Row>(text: string, url?: string): Promise<Row[]>;
  /** All its processes stand still when this is over; what is sent to it waits in the sockets. */
  pause(): Promise<void>;
  resume(): void;
  /** At once, as by a crash. What was committed is there again after `restart`. */
  kill(): Promise<void>;
  /** Again on the same port, with the same data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const password = 'hidden';
const newestFirst = (a: string, b: string): number => Number(b) - Number(a);

/** Debian keeps them out of the path, one folder a version. */
const binaries = (): string | undefined => {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).toSorted(newestFirst) : [];
  const found = versions.map((version) => join(root, version, 'bin')).find((folder) => existsSync(join(folder, 'initdb')));
  if (found) return found;
  const initdb = Bun.which('initdb');
  return initdb && Bun.which('postgres') ? initdb.slice(0, -'/initdb'.length) : undefined;
};

/** Why there is no PostgreSQL to test with; undefined where there is. On Debian, as root, it is installed first. */
export const postgresMissing = (): string | undefined => {
  const root = process.getuid?.() === 0;
  if (!binaries() && root && existsSync('/etc/debian_version')) {
    // RUNLEVEL=1 keeps the package from starting a server of its own.
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
    const apt = (args: string[]) => Bun.spawnSync(['apt-get', ...args], { env, stdout: 'ignore', stderr: 'ignore', timeout: 180_000 });
    apt(['install', '-y', '--no-install-recommends', 'postgresql']);
    if (!binaries()) {
      apt(['update']);
      apt(['install', '-y', '--no-install-recommends', 'postgresql']);
    }
  }
  if (!binaries()) return "PostgreSQL is not installed: apt-get install postgresql (or your system's package of it)";
  // It refuses to run as root.
  if (root && (!Bun.which('setpriv') || !userId('postgres')))
    return 'PostgreSQL cannot run as root: the user postgres or setpriv is missing';
  return undefined;
};

export interface TestPostgresOptions {
  /** It speaks TLS as well. */
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** It will hold gigabytes: it is not in memory. */
  readonly onDisk?: boolean;
  /** More of its command line: `['-c', 'max_connections=5']`. */
  readonly args?: readonly string[];
}

export const startPostgres = async ({ args = [], tls, onDisk = false }: TestPostgresOptions = {}): Promise<TestPostgres> => {
  const missing = postgresMissing();
  if (missing) throw new Error(missing);
  const bin = binaries()!;
  const folder = ownFolder('pg', { hot: !onDisk });
  const data = join(folder, 'data');
  const owner = process.getuid?.() === 0 ? userId('postgres')! : undefined;
  const asUser = owner ? ['setpriv', `--reuid=${owner.user}`, `--regid=${owner.group}`, '--clear-groups', ...dieWithParent()] : [];
  const privateFile = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    if (owner) chownSync(path, owner.user, owner.group);
    return path;
  };
  if (owner) chownSync(folder, owner.user, owner.group);
  const passwords = privateFile('password', password);
  makeCluster(bin, data, passwords, asUser);
  const port = await freePort();
  const urlOf = (database: string): string => `postgres://sluice:${password}@127.0.0.1:${port}/${database}`;
  const url = urlOf('postgres');
  const query = async <Row>(text: string, of = url): Promise<Row[]> => {
    const client = new Bun.SQL({ url: of, max: 1, connectionTimeout: 5 });
    try {
      return [...((await client.unsafe(text).simple()) as Row[])];
    } finally {
      await client.close();
    }
  };
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: folder,
    fsync: 'off',
    full_page_writes: 'off',
    shared_buffers: '16MB',
    max_wal_size: '128MB',
    // In its folder, so that one that is killed leaves nothing in /dev/shm.
    dynamic_shared_memory_type: 'mmap',
    deadlock_timeout: '50ms',
    max_connections: 400,
    autovacuum: 'off',
    log_min_messages: 'fatal',
    ...(tls && { ssl: 'on', ssl_cert_file: privateFile('cert.pem', tls.certificate), ssl_key_file: privateFile('key.pem', tls.key) }),
  };
  const run = async (): Promise<Bun.Subprocess> => {
    const child = Bun.spawn(
      [
        ...asUser,
        join(bin, 'postgres'),
        '-D',
        data,
        ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
        ...args,
      ],
      { cwd: folder, stdout: 'ignore', stderr: 'ignore' },
    );
    const deadline = performance.now() + 20_000;
    for (;;) {
      const answers = await query('select 1').then(
        () => true,
        () => false,
      );
      if (answers) return child;
      if (child.exitCode !== null || performance.now() > deadline) throw new Error(`PostgreSQL does not answer on port ${port}.`);
      await Bun.sleep(20);
    }
  };
  let child = await run();
  const running = (): boolean => child.exitCode === null && child.signalCode === null;
  /** The postmaster first: it makes no more of them then. */
  const signal = (name: NodeJS.Signals): void => {
    for (const pid of [child.pid, ...childrenOf(child.pid)]) {
      try {
        process.kill(pid, name);
      } catch {
        // It has ended meanwhile.
      }
    }
  };
  const end = async (): Promise<void> => {
    if (!running()) return;
    // Those that stand still would not see it.
    signal('SIGCONT');
    child.kill('SIGQUIT');
    await child.exited;
  };
  let databases = 0;
  return {
    port,
    folder,
    url,
    query,
    async newDatabase(template) {
      const name = `test_${++databases}`;
      await query(`create database ${name} template ${template === undefined ? 'template0' : new URL(template).pathname.slice(1)}`);
      return urlOf(name);
    },
    async dropDatabase(of) {
      await query(`drop database if exists ${new URL(of).pathname.slice(1)} with (force)`);
    },
    async pause() {
      signal('SIGSTOP');
      const stands = (pid: number) => isOver(pid) || stateOf(pid) === 'T';
      // A signal takes effect when the process is next given its turn.
      if (existsSync('/proc/self/status')) while (![child.pid, ...childrenOf(child.pid)].every(stands)) await Bun.sleep(1);
      else await Bun.sleep(100);
    },
    resume: () => signal('SIGCONT'),
    kill: end,
    async restart() {
      await end();
      child = await run();
    },
    async stop() {
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/**
 * A new folder of data: made once, then copied, which takes a tenth of the time. The copy is kept where `npm ci` clears it
 * away.
 */
const makeCluster = (bin: string, data: string, passwords: string, asUser: readonly string[]): void => {
  const cache = join(import.meta.dir, '../../node_modules/.cache');
  const kept = join(
    cache,
    `sluice-postgres-${Bun.hash(`${bin} ${statSync(join(bin, 'initdb')).mtimeMs} ${asUser.join(' ')}`).toString(36)}`,
  );
  const copy = (from: string, to: string): boolean =>
    Bun.spawnSync(['cp', '-a', from, to], { stdout: 'ignore', stderr: 'ignore' }).exitCode === 0;
  if (existsSync(kept) && copy(kept, data)) return;
  rmSync(data, { recursive: true, force: true });
  const made = Bun.spawnSync(
    [
      ...asUser,
      join(bin, 'initdb'),
      ...`--no-sync --no-instructions --locale=C.UTF-8 --encoding=UTF8 --auth=scram-sha-256 --username=sluice`.split(' '),
      `--pwfile=${passwords}`,
      `--pgdata=${data}`,
    ],
    { cwd: dirname(data), stdout: 'ignore', stderr: 'pipe' },
  );
  if (made.exitCode !== 0) throw new Error(`initdb: ${made.stderr.toString()}`);
  mkdirSync(cache, { recursive: true });
  const copied = `${kept}.${process.pid}`;
  try {
    // Others may do the same: whole, or not at all.
    if (copy(data, copied)) renameSync(copied, kept);
  } catch {
    // Somebody else was first.
  }
  rmSync(copied, { recursive: true, force: true });
};

/** A test that is killed leaves no server behind. Not every setpriv can do it. */
const dieWithParent = (): string[] => {
  const able = Bun.spawnSync(['setpriv', '--pdeathsig', 'KILL', 'true'], { stderr: 'ignore' }).exitCode === 0;
  return able ? ['--pdeathsig', 'KILL'] : [];
};

const childrenOf = (pid: number): number[] =>
  Bun.spawnSync(['pgrep', '-P', String(pid)])
    .stdout.toString()
    .split('\n')
    .filter((line) => line !== '')
    .map(Number);

/** One letter; undefined: it is gone. */
const stateOf = (pid: number): string | undefined => {
  try {
    return /^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
};

const isOver = (pid: number): boolean => [undefined, 'Z', 'X'].includes(stateOf(pid));

const userId = (name: string): { user: number; group: number } | undefined => {
  if (userInfo().username === name) return { user: userInfo().uid, group: userInfo().gid };
  const fields = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .find(([user]) => user === name);
  return fields && { user: Number(fields[2]), group: Number(fields[3]) };
};

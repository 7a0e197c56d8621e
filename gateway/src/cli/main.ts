// The program. The only file that touches the process itself; everything else is handed what it needs.
import { readFileSync, writeSync } from 'node:fs';
import { homedir } from 'node:os';
import { runChild } from './child.ts';
import type { Io } from './io.ts';
import { createLogWriter } from './log-writer.ts';
import { createReloader } from './reload.ts';
import { watchLauncher } from './launcher-gone.ts';
import { run } from './run.ts';
import { handleSignals } from './signals.ts';
import type { Started } from './start.ts';
import { watchFiles } from './watch.ts';

/**
 * Synchronous, so that nothing is lost when the process ends; a reader that is gone is not worth a crash.
 * @param patienceMs how long a reader that is behind is waited for: while it is, nobody is served
 */
const write = (descriptor: number, patienceMs: number) => (text: string) => {
  let rest = Buffer.from(text);
  const until = performance.now() + patienceMs;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || performance.now() > until) return;
      Bun.sleepSync(5);
    }
  }
};

const tell = write(2, 1000);
const logs = createLogWriter();

const io: Io = {
  argv: process.argv.slice(2),
  env: process.env,
  cwd: process.cwd(),
  home: process.env['HOME'] || homeOfUser(),
  platform: process.platform,
  out: write(1, Infinity),
  tell,
  fetch,
  columns: process.stdout.isTTY ? process.stdout.columns : undefined,
};

function homeOfUser(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined;
  }
}

const exit = (code: number) => {
  logs.flush();
  process.exit(code);
};

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };

const result = await run(io, {
  version,
  loadServer: () => import('../server/index.ts'),
  loadProviders: async () => (await import('sluice/kit')).providers,
  loadModes: async () => (await import('./mode-of.ts')).loadModes(),
  log: logs.write,
  runChild: (options) => runChild({ ...options, terminal: process.stdin.isTTY === true }),
}).catch((error: unknown) => {
  tell(`sluice: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 1;
});

if (typeof result === 'number') exit(result);
else keepUp(result);

function keepUp({ server, snapshot, config }: Started) {
  let live = snapshot;
  const reloader =
    config &&
    createReloader({
      file: config.file,
      first: { snapshot, read: config.read },
      read: config.readAgain,
      masterKeyFor: (next) => config.masterKeyFor(next).key,
      apply(next) {
        server.reload(next);
        live = next.snapshot;
      },
      tell,
    });
  // A secret that was exchanged is live as an edit would be.
  config?.secrets.onChange(() => void reloader?.reload(true));
  const stopWatching = reloader && watchFiles({ files: reloader.files, onChange: () => reloader.reload() });

  handleSignals({
    async stop() {
      stopWatching?.();
      config?.secrets.close();
      await server.stop({ drainTimeoutMs: live.shutdown.drainTimeoutMs });
    },
    reload() {
      if (reloader) void reloader.reload(true);
      else tell('SIGHUP: there is no configuration file to read again.\n');
    },
    exit,
    tell,
    terminal: process.stdin.isTTY === true,
  });

  watchLauncher({
    launcherPid: process.env['SLUICE_LAUNCHER_PID'],
    parentPid: () => process.ppid,
    onGone() {
      tell('The launcher is gone; the gateway goes too.\n');
      process.kill(process.pid, 'SIGTERM');
    },
  });

  // A promise that nobody waits for concerns one call; the gateway and all the others live on.
  process.on('unhandledRejection', (reason) => {
    logs.write(
      JSON.stringify({
        level: 50,
        time: Date.now(),
        msg: 'unhandled rejection',
        error: reason instanceof Error ? reason.stack : String(reason),
      }),
    );
  });
}

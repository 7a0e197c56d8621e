import { closeSync, openSync, readFileSync } from 'node:fs';

/** A child process, pinned to a core or not. */
export interface Child {
  pid: number;
  /** The next line that it prints. @throws if it ends before, or after `timeoutMs` */
  line(timeoutMs: number): Promise<string>;
  /** Everything that it printed after the lines taken. */
  rest(timeoutMs: number): Promise<string>;
  readonly exited: Promise<number>;
  kill(): Promise<void>;
}

export interface StartOptions {
  core?: number | undefined;
  env?: Record<string, string>;
  /** Where its standard error goes, and its output if nobody reads it. */
  logFile?: string;
  /** Its output is read with `line` and `rest`. */
  read?: boolean;
}

const running = new Set<Child>();

/** Starts a command without a shell. It is ended with the bench, whatever happens. */
export const start = (command: readonly string[], { core, env, logFile, read = false }: StartOptions = {}): Child => {
  // Appended to, so that two streams do not write over each other.
  const log = logFile === undefined ? 'ignore' : openSync(logFile, 'a');
  const child = Bun.spawn(core === undefined ? [...command] : ['taskset', '-c', String(core), ...command], {
    stdin: 'ignore',
    stdout: read ? 'pipe' : log,
    stderr: read && logFile === undefined ? 'inherit' : log,
    env: { ...process.env, ...env },
  });
  if (typeof log === 'number') closeSync(log);
  const reader = child.stdout instanceof ReadableStream ? child.stdout.pipeThrough(new TextDecoderStream()).getReader() : undefined;
  let text = '';
  const within = async <T>(promise: Promise<T>, timeoutMs: number): Promise<T> => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`${command[0]} did not answer within ${timeoutMs} ms`)), timeoutMs);
    });
    try {
      return await Promise.race([promise, late]);
    } finally {
      clearTimeout(timer);
    }
  };
  const self: Child = {
    pid: child.pid,
    exited: child.exited,
    async line(timeoutMs) {
      const next = async (): Promise<string> => {
        for (;;) {
          const end = text.indexOf('\n');
          if (end !== -1) {
            const line = text.slice(0, end);
            text = text.slice(end + 1);
            return line;
          }
          const piece = await reader?.read();
          if (!piece || piece.done) throw new Error(`${command.slice(0, 3).join(' ')} ended: ${text.trim()}`);
          text += piece.value;
        }
      };
      return within(next(), timeoutMs);
    },
    async rest(timeoutMs) {
      const all = async (): Promise<string> => {
        for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) text += piece.value;
        return text;
      };
      return within(all(), timeoutMs);
    },
    async kill() {
      const pids = treeOf(child.pid);
      signal(pids, 'SIGTERM');
      if ((await Promise.race([child.exited, Bun.sleep(3000)])) === undefined) signal(pids, 'SIGKILL');
      running.delete(self);
    },
  };
  running.add(self);
  return self;
};

const signal = (pids: readonly number[], name: NodeJS.Signals): void => {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // It is gone already.
    }
  }
};

/** Ends what is left, at once. */
export const killAll = (): void => {
  for (const { pid } of running) signal(treeOf(pid), 'SIGKILL');
};

/** A process and its descendants. */
export const treeOf = (pid: number): number[] => {
  let children: number[];
  try {
    children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    children = [];
  }
  return [pid, ...children.flatMap(treeOf)];
};

import { spawn } from 'node:child_process';
import { constants } from 'node:os';

export interface ChildOptions {
  command: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  /** Standard input is a terminal. */
  terminal: boolean;
}

/**
 * Runs a program with this process's standard streams, and hands signals on to it. A terminal's Ctrl-C reaches the program
 * by itself, so there it only must not end us first.
 * @returns its exit code, 128 and the signal's number if a signal ended it
 * @throws what starting it threw
 */
export const runChild = ({ command, args, env, terminal }: ChildOptions): Promise<number> =>
  new Promise((resolve, reject) => {
    // Before it starts: a signal that ended this process in between would leave the program behind.
    const handlers = (['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT'] as const).map((signal) => {
      const fromTerminal = terminal && (signal === 'SIGINT' || signal === 'SIGQUIT');
      const handler = () => {
        if (!fromTerminal) child.kill(signal);
      };
      process.on(signal, handler);
      return { signal, handler };
    });
    const release = () => handlers.forEach(({ signal, handler }) => process.off(signal, handler));
    const start = () => {
      try {
        return spawn(command, args, { stdio: 'inherit', env });
      } catch (cause) {
        release();
        throw cause;
      }
    };
    const child = start();
    child.on('error', (error) => {
      release();
      reject(error);
    });
    child.on('exit', (code, signal) => {
      release();
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });

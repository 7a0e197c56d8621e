import { openSync, closeSync } from 'node:fs';
import { constants } from 'node:os';

export interface SignalOptions {
  /** Ends the server: readiness first, then open calls, bounded. */
  stop: () => Promise<void>;
  reload: () => void;
  exit: (code: number) => void;
  tell: (text: string) => void;
  /** Started in a terminal. */
  terminal: boolean;
  on?: (signal: NodeJS.Signals, handler: () => void) => void;
  now?: () => number;
  terminalGone?: () => boolean;
}

/**
 * A signal that comes again this soon is the same one on another way: a terminal sends Ctrl-C to the launcher and to
 * us, and the launcher hands its own on; so does a supervisor that signals a whole process group.
 */
const sameMs = 250;

/** SIGTERM and SIGINT end the gateway in peace, a second one at once; SIGHUP reads the configuration again. */
export const handleSignals = ({
  stop,
  reload,
  exit,
  tell,
  terminal,
  on = (signal, handler) => void process.on(signal, handler),
  now = () => performance.now(),
  terminalGone = isTerminalGone,
}: SignalOptions): void => {
  let stoppingSince: number | undefined;

  const end = (signal: NodeJS.Signals) => {
    if (stoppingSince !== undefined) {
      if (now() - stoppingSince < sameMs) return;
      tell('Stopped at once.\n');
      exit(128 + constants.signals[signal]);
      return;
    }
    stoppingSince = now();
    tell(`${signal}: not ready any more; open calls may finish. Send it again to stop at once.\n`);
    stop().then(
      () => exit(0),
      (error: unknown) => {
        tell(`Stopping failed: ${String(error)}\n`);
        exit(1);
      },
    );
  };

  on('SIGTERM', () => end('SIGTERM'));
  on('SIGINT', () => end('SIGINT'));
  on('SIGHUP', () => {
    // A closed terminal sends the same signal, and nobody would find the process again.
    if (terminal && terminalGone()) end('SIGHUP');
    else reload();
  });
};

const isTerminalGone = (): boolean => {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return false;
  } catch {
    return true;
  }
};

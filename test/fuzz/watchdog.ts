/** How long a case may keep the thread busy. */
const limitMs = 30_000;

/** Runs in a thread of its own: one that is stuck in a loop cannot say so itself. */
const watch = (message: string, shared: Int32Array, ms: number): void => {
  let seen = -1;
  setInterval(() => {
    const begun = Atomics.load(shared, 0);
    if (begun === seen) {
      console.error(`\n${message} ${Atomics.load(shared, 1)}, or one just before it, does not end`);
      process.kill(process.pid, 'SIGKILL');
    }
    seen = begun;
  }, ms);
};

export interface Watchdog {
  begin(index: number): void;
  stop(): void;
}

/** Ends the process with a word on which case it was, if none begins for too long. */
export const startWatchdog = (message: string): Watchdog => {
  const shared = new Int32Array(new SharedArrayBuffer(8));
  const source = `self.onmessage = ({ data }) => (${watch.toString()})(data.message, data.shared, ${limitMs})`;
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const worker = new Worker(url);
  // A thread has no origin.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  worker.postMessage({ message, shared });
  return {
    begin(index) {
      Atomics.add(shared, 0, 1);
      Atomics.store(shared, 1, index);
    },
    stop() {
      worker.terminate();
      URL.revokeObjectURL(url);
    },
  };
};

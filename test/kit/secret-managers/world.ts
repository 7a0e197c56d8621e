import type { SecretFetch, SecretWorld } from '../../../gateway/src/secrets/index.ts';

/** Time that passes when it is told to; short pauses (between two tries) are over at once. */
export class TestClock {
  #now = Date.now();
  readonly #sleeping = new Set<{ until: number; wake: () => void }>();

  now(): number {
    return this.#now;
  }

  get waits(): number[] {
    return [...this.#sleeping].map(({ until }) => until - this.#now).toSorted((a, b) => a - b);
  }

  sleep(ms: number, signal?: Parameters<SecretWorld['clock']['sleep']>[1]): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    if (ms < 3000) return Promise.resolve();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const entry = { until: this.#now + ms, wake: resolve };
    this.#sleeping.add(entry);
    signal?.addEventListener('abort', () => {
      if (this.#sleeping.delete(entry)) reject(signal.reason as Error);
    });
    return promise;
  }

  pass(ms: number): void {
    this.#now += ms;
    for (const entry of this.#sleeping) {
      if (entry.until > this.#now) continue;
      this.#sleeping.delete(entry);
      entry.wake();
    }
  }
}

export interface TestWorld extends SecretWorld {
  clock: TestClock;
  files: Record<string, string>;
}

/**
 * A world in which vendors' own hosts are the fakes of a test, and all others but loopback cannot be reached.
 * @param hosts `https://vault.azure.net` -> the URL of a fake
 */
export const testWorld = ({
  env = {},
  files = {},
  hosts = {},
}: {
  env?: Record<string, string>;
  files?: Record<string, string>;
  hosts?: Record<string, string>;
} = {}): TestWorld => {
  const toFakes: SecretFetch = (url, init) => {
    const { origin, href, hostname } = new URL(url);
    const fake = hosts[origin];
    if (fake === undefined && hostname !== '127.0.0.1')
      return Promise.reject(Object.assign(new Error(`no such host`), { code: 'ENOTFOUND' }));
    return fetch(fake === undefined ? url : fake + href.slice(origin.length), init);
  };
  return {
    fetch: toFakes,
    readText: (path) => {
      const text = files[path];
      return text === undefined ? Promise.reject(Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' })) : Promise.resolve(text);
    },
    env,
    clock: new TestClock(),
    random: () => 0,
    files,
  };
};

import { isBusy } from './failure.ts';

/**
 * Tries again while another process writes. In between, other requests get their turn.
 * @param endsAt on `performance.now()`'s clock
 */
export const patiently = async <T>(endsAt: number, call: () => T): Promise<T> => {
  for (;;) {
    try {
      return call();
    } catch (cause) {
      if (!isBusy(cause) || performance.now() > endsAt) throw cause;
      await Bun.sleep(2 + Math.random() * 18);
    }
  }
};

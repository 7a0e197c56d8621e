type Handle = ReturnType<typeof setTimeout>;

export interface TimerCount {
  /** Timers that will still fire, with the place in the code that set each. */
  pending(): string[];
  restore(): void;
}

/** Counts the timers of this process from here on, by standing in for the global functions: the runtime has no list. */
export const countTimers = (): TimerCount => {
  const { setTimeout: later, setInterval: every, clearTimeout: forget, clearInterval: forgetEvery } = globalThis;
  const pending = new Map<Handle, string>();
  const placeOf = (): string => new Error('set').stack?.split('\n')[3]?.trim() ?? '';

  const watched = (handle: Handle): Handle => {
    const place = placeOf();
    pending.set(handle, place);
    const refresh = handle.refresh.bind(handle);
    // A timer that has fired lives again.
    handle.refresh = () => {
      pending.set(handle, place);
      return refresh();
    };
    return handle;
  };
  const gone =
    (real: (handle?: Handle) => void) =>
    (handle?: Handle): void => {
      if (handle !== undefined) pending.delete(handle);
      real(handle);
    };

  const patched = {
    setTimeout: (run: (...values: unknown[]) => void, ms?: number, ...values: unknown[]) => {
      const handle: Handle = later(() => {
        pending.delete(handle);
        run(...values);
      }, ms);
      return watched(handle);
    },
    setInterval: (run: (...values: unknown[]) => void, ms?: number, ...values: unknown[]) => watched(every(run, ms, ...values) as Handle),
    clearTimeout: gone(forget),
    clearInterval: gone(forgetEvery),
  };
  Object.assign(globalThis, patched);
  return {
    pending: () => [...pending.values()],
    restore: () =>
      void Object.assign(globalThis, { setTimeout: later, setInterval: every, clearTimeout: forget, clearInterval: forgetEvery }),
  };
};

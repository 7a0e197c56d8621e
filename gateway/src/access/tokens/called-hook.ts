import { SluiceError } from 'sluice/kit';

/**
 * What a function of the operator's says. It may refuse by throwing something with the `status` 401 or 403.
 * @param name of its setting
 * @throws SluiceError `authentication`, `permission_denied` as it says; `unavailable` where it takes too long, `internal` where it fails
 */
export const calledHook = async <T>(name: string, timeoutMs: number, call: () => T | Promise<T>): Promise<T> => {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new SluiceError('unavailable', `Who calls could not be found out in time (${name}, ${timeoutMs} ms).`)),
    timeoutMs,
  );
  try {
    return await Promise.race([call(), promise]);
  } catch (cause) {
    throw asRefusal(name, cause);
  } finally {
    clearTimeout(timer);
  }
};

const asRefusal = (name: string, cause: unknown): SluiceError => {
  if (SluiceError.is(cause)) return cause;
  const { status, message } = (cause ?? {}) as { status?: unknown; message?: unknown };
  const words = typeof message === 'string' && message !== '' ? message.slice(0, 500) : 'You may not call.';
  if (status === 401) return new SluiceError('authentication', words, { type: 'auth_error' });
  if (status === 403) return new SluiceError('permission_denied', words, { type: 'auth_error' });
  // What it says is for the operator: it may hold anything.
  return new SluiceError('internal', `Who calls could not be found out: ${name} has failed.`, {
    detail: cause instanceof Error ? cause.message.slice(0, 300) : undefined,
    retry: false,
    cause,
  });
};

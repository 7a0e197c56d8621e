import { DeliveryError, type Reach } from './channel.ts';

/** Sends JSON to an address of the operator's. Neither the address nor the answer is in errors: both may hold secrets. */
export const post = async (
  reach: Reach,
  url: string,
  {
    body,
    headers = {},
    signal,
  }: { readonly body: string; readonly headers?: Readonly<Record<string, string>>; readonly signal: AbortSignal },
): Promise<void> => {
  let response: Response;
  try {
    // A redirect would carry the alert, and the key beside it, to somebody else.
    response = await reach(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      redirect: 'manual',
      signal,
    });
  } catch (cause) {
    throw new DeliveryError(signal.aborted ? 'it did not answer in time' : `it cannot be reached (${codeOf(cause)})`);
  }
  await response.body?.cancel().catch(() => {});
  if (response.status >= 300) throw new DeliveryError(`it answered ${response.status}`);
};

/** Runtimes put addresses and more into their messages; their codes are words. */
const codeOf = (cause: unknown): string => {
  const { code, name } = (cause ?? {}) as { code?: unknown; name?: unknown };
  return [code, name].find((each): each is string => typeof each === 'string' && /^\w{1,60}$/.test(each)) ?? 'no connection';
};

import { SluiceError, type CancelSignal } from 'sluice/kit';

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed',
  ENOTFOUND: 'the name cannot be resolved',
  EAI_AGAIN: 'the name cannot be resolved for now',
  ENETUNREACH: 'the network cannot be reached',
  EHOSTUNREACH: 'the host cannot be reached',
  ETIMEDOUT: 'the connection timed out',
  EPROTO: 'TLS failed; is it an https address?',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by an authority that is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by an authority that is not trusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by an authority that is not trusted',
};

const codeOf = (cause: unknown): string | undefined =>
  typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;

const detailOf = (cause: unknown): string => {
  const code = codeOf(cause);
  const known = code === undefined ? undefined : words[code];
  if (known !== undefined) return `${known} (${code})`;
  return cause instanceof Error ? cause.message : String(cause);
};

/** No connection, or it broke. The host alone is named: a URL may carry what nobody else should see. */
export const connectionFailed = (host: string, cause: unknown): SluiceError =>
  new SluiceError('connection', `No connection to ${host}: ${detailOf(cause)}.`, { cause });

/** No provider is there, whatever its name says; who is, gives a machine's credentials to whoever asks. */
export const forbiddenAddress = (host: string): SluiceError =>
  new SluiceError('connection', `No connection to ${host}: it is the metadata service of a cloud.`, { retry: false });

export const connectionBroke = (host: string, when: string, cause?: unknown): SluiceError =>
  new SluiceError('connection', `The connection to ${host} ${cause === undefined ? 'was closed' : `broke (${detailOf(cause)})`} ${when}.`, {
    cause,
  });

export const connectTimedOut = (host: string, limitMs: number): SluiceError =>
  new SluiceError('upstream_timeout', `No connection to ${host} within ${limitMs} ms.`);

/** The bytes to be sent could not be had: the client stopped sending, for one. */
export const bodyFailed = (cause: unknown): SluiceError =>
  new SluiceError('client_closed_request', `The request's body could not be read to its end: ${detailOf(cause)}.`, { cause });

export const notHttp = (host: string, what: string): SluiceError =>
  new SluiceError('invalid_response', `The answer of ${host} is not valid HTTP: ${what}.`);

/** What an aborted signal means: the typed reason of whoever aborted it, else that the caller left. */
export const abortedBy = (signal: CancelSignal | undefined): SluiceError => {
  const reason: unknown = signal?.reason;
  return SluiceError.is(reason) ? reason : new SluiceError('client_closed_request', 'The call was cancelled.', { cause: reason });
};

import { SluiceError, type ErrorCode } from '../types/index.ts';

/**
 * Whether something is asked at all: a deployment, a key, or an address. Closed: yes. Resting: only where there is
 * nothing else; `open`: not even then. When its rest is over one call goes there to try it, and how that ends decides.
 */
export class Circuit {
  readonly key: string;
  /** Failures since the last success. */
  failures = 0;
  /** Unix milliseconds; 0: closed. */
  restUntil = 0;
  restedAt = 0;
  open = false;
  /** A call is on its way to try it. */
  probing = false;
  /** Failures that a policy counts, and since when. */
  counted = 0;
  countedSince = 0;
  code: ErrorCode = 'unavailable';
  status = 503;

  constructor(key: string) {
    this.key = key;
  }

  /** Calls may go there, as to any other. */
  isClosed(now: number): boolean {
    return this.restUntil === 0 || (now >= this.restUntil && !this.probing);
  }

  /** Calls must not go there, whatever else there is. */
  isOpen(now: number): boolean {
    return this.open && this.restUntil > 0 && (now < this.restUntil || this.probing);
  }

  close(): void {
    this.restUntil = 0;
    this.failures = this.counted = 0;
    this.open = this.probing = false;
  }
}

/** What a failure says something about. */
export type Scope = 'deployment' | 'credential' | 'credential-and-model' | 'server';

const scopes: Readonly<Partial<Record<ErrorCode, Scope>>> = {
  authentication: 'credential',
  payment_required: 'credential',
  // Rights and limits are given for models.
  permission_denied: 'credential-and-model',
  rate_limited: 'credential-and-model',
  connection: 'server',
  timeout: 'deployment',
  upstream_timeout: 'deployment',
  internal: 'deployment',
  invalid_response: 'deployment',
  bad_gateway: 'deployment',
  unavailable: 'deployment',
  overloaded: 'deployment',
  stream_interrupted: 'deployment',
};

const aboutModel = /model|deployment/i;

/** Undefined: the failure is the request's own, and says nothing about where it went. */
export const scopeOf = (error: SluiceError): Scope | undefined => {
  // A mistake of our own is nobody else's failure.
  if (error.code === 'internal' && !error.upstream) return undefined;
  if (error.code !== 'not_found') return scopes[error.code];
  // A model that is not there, and not a thing that a client looked for.
  const { code = '', type = '' } = error.upstream ?? {};
  return error.param === 'model' || aboutModel.test(code) || aboutModel.test(type) ? 'deployment' : undefined;
};

/** What a client is told where everything rests. In our words alone: the vendor's may quote another client's prompt. */
export const restingError = (name: string, { code, status, restUntil }: Circuit, now: number): SluiceError => {
  const retryAfterMs = Math.max(1, restUntil - now);
  const what = `No deployment of '${name}' can be asked at the moment: all rest after failures (${code}, ${status}).`;
  const hint = ` Try again in ${Math.ceil(retryAfterMs / 1000)} seconds.`;
  const ofVendor = code === 'rate_limited' || code === 'payment_required' || code === 'permission_denied';
  return new SluiceError(ofVendor ? code : 'unavailable', what + hint, { retryAfterMs, ...(ofVendor && { status }) });
};

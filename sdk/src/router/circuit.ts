import type { ErrorCode, SluiceError } from '../types/index.ts';

/** A call that tries something out keeps others away for so long: some take minutes, and one whose end is never told must not do so for ever. */
const probeMs = 5000;
/** A clock that is further behind the beginning of a rest was put back. */
const clockSlackMs = 1000;

/** So many failures in a row, over so long, are an outage. Milliseconds. */
const [downAfter, downAfterMs] = [3, 1000];

/**
 * Whether something is asked at all: a deployment, a key, or an address. Closed: yes. Resting: only where there is
 * nothing else; `open`: not even then. When its rest is over one call goes there to try it, and how that goes decides.
 */
export class Circuit {
  readonly key: string;
  /** It is about a name that a pattern takes, and not about what is configured. */
  passing = true;
  /** Failures since the last success. */
  failures = 0;
  /** When the first of these was seen, Unix milliseconds. */
  failingSince = 0;
  /** Unix milliseconds; 0: closed. */
  restUntil = 0;
  restedAt = 0;
  open = false;
  /** When a call went there to try it that is still on its way, Unix milliseconds; 0: none is. */
  probedAt = 0;
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
    return this.restUntil === 0 || this.changesAt(now) <= now;
  }

  /** Nothing has succeeded for a while: more than a few failures of one moment. */
  isDown(now: number): boolean {
    return this.failures >= downAfter && now - this.failingSince >= downAfterMs;
  }

  /** Calls must not go there, whatever else there is. */
  isOpen(now: number): boolean {
    return this.open && !this.isClosed(now);
  }

  /** When it may be asked again as things are, Unix milliseconds; the past: it may be now. */
  changesAt(now: number): number {
    // By a clock that was put back a rest of seconds would be one of hours.
    const restUntil = now < this.restedAt - clockSlackMs ? 0 : this.restUntil;
    return this.probedAt > 0 && now >= this.probedAt - clockSlackMs ? Math.max(restUntil, this.probedAt + probeMs) : restUntil;
  }

  close(): void {
    this.ask();
    this.failures = this.counted = 0;
  }

  /** It is asked again, and what it failed before is not forgotten. */
  ask(): void {
    this.restUntil = this.probedAt = 0;
    this.open = false;
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

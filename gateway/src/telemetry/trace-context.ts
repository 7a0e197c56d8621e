/*
 * W3C Trace Context (www.w3.org/TR/trace-context, sections 3.2 and 3.3, read 2026-11-22): a caller's trace goes through
 * the gateway, each try a span of its own below the caller's.
 */

/** `version-traceid-parentid-flags`. A later version may say more behind another dash; letters are small. */
const header = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const zeros = /^0+$/;
/** What the standard asks to pass on at least; longer ones are left out. */
const maxStateLength = 512;
const statePattern = /^[\x20-\x7e]+$/;

/** The trace that a call belongs to. */
export class Trace {
  /** 32 hex digits. */
  readonly traceId: string;
  /** The caller's span, 16 hex digits. */
  readonly parentId: string;
  readonly #flags: string;
  readonly #state: string | undefined;
  readonly #spans: string[] = [];
  readonly #newSpanId: () => string;

  constructor(ids: { traceId: string; parentId: string; flags: string; state?: string | undefined }, newSpanId = randomSpanId) {
    this.traceId = ids.traceId;
    this.parentId = ids.parentId;
    this.#flags = ids.flags;
    this.#state = ids.state;
    this.#newSpanId = newSpanId;
  }

  /** The span of a try, 16 hex digits: the same for the same try. @param index 0 for the first of the call */
  spanOf(index: number): string {
    return (this.#spans[index] ??= this.#newSpanId());
  }

  /** What a try tells a provider of the trace. */
  headersOf(index: number): Record<string, string> {
    return {
      // Flags of later versions mean nothing in this one: only "sampled" goes on.
      traceparent: `00-${this.traceId}-${this.spanOf(index)}-${this.#flags}`,
      ...(this.#state !== undefined && { tracestate: this.#state }),
    };
  }
}

/** The trace of a request; undefined where it names none, or none that is well-formed. */
export const traceOf = (headers: Headers, newSpanId?: () => string): Trace | undefined => {
  const text = headers.get('traceparent');
  if (text === null) return undefined;
  const found = header.exec(text.trim());
  if (!found) return undefined;
  const [, version, traceId, parentId, flags, more] = found;
  if (version === 'ff' || (version === '00' && more !== undefined) || zeros.test(traceId!) || zeros.test(parentId!)) return undefined;
  const state = headers.get('tracestate') ?? undefined;
  const sampled = (Number.parseInt(flags!, 16) & 1) === 1;
  return new Trace(
    {
      traceId: traceId!,
      parentId: parentId!,
      flags: sampled ? '01' : '00',
      state: state !== undefined && state.length <= maxStateLength && statePattern.test(state) ? state : undefined,
    },
    newSpanId,
  );
};

const randomSpanId = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  // All zeros would mean "no span".
  bytes[0]! |= 1;
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
};

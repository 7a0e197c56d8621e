import { createSseParser, isObject, type CallFacts, type JsonObject, type WireEvent } from 'sluice/kit';
import type { CallState } from '../../call-state.ts';
import { parsedObject } from './parsed-object.ts';
import type { Batches } from './batches.ts';
import { jobState, type JobKind } from './job-state.ts';

interface StreamedJobOptions {
  readonly batches: Batches;
  readonly state: CallState;
  readonly facts: CallFacts;
  readonly kind: JobKind;
  /** It goes on behind its call. Undefined: its first event says whether it does. */
  readonly goesOn?: boolean | undefined;
  /** Of its objects, where they are to be read otherwise. */
  readonly read?: (object: JsonObject) => JsonObject;
}

/**
 * A stream of an answer that is made behind its call: it goes on where its client leaves, and can be fetched later. Once its
 * first events name it, who pays for it is written down, before its client hears of it, and the call costs nothing; where the
 * call sees its end, the call pays, and the job does not (FP-47).
 */
export class StreamedJob {
  readonly #options: StreamedJobOptions;
  readonly #parser: ReturnType<typeof createSseParser>;
  #found: JsonObject[] = [];
  #isNamed = false;
  #hasEnd = false;
  #isBroken = false;
  /** Paid for as a job, for all that is known. */
  #batchId: string | undefined;
  #isOver = false;

  constructor(options: StreamedJobOptions) {
    this.#options = options;
    this.#parser = createSseParser((event) => this.#event(event));
  }

  /** Its end was among what was seen, where its events say it themselves. */
  get hasEnd(): boolean {
    return this.#hasEnd;
  }

  /** Before it goes out. Never rejects. */
  async see(chunk: Uint8Array | readonly WireEvent[]): Promise<void> {
    // The end of an answer in the Responses format is seen by whoever relays it.
    if (this.#isBroken || (this.#isNamed && this.#options.kind === 'responses')) return;
    try {
      if (chunk instanceof Uint8Array) this.#parser.push(chunk);
      else for (const event of chunk) this.#event(event);
    } catch {
      this.#isBroken = true;
    }
    for (const object of this.#found.splice(0)) await this.#named(object);
  }

  /** All of it was seen, with what it used: the call pays, if nobody else has. Never rejects. */
  async complete(): Promise<void> {
    if (this.#batchId === undefined || this.#isOver) return;
    const { batches, state } = this.#options;
    await batches.paidByCall(state.deployment!.id, this.#batchId, () => {
      if (this.#isOver) return false;
      this.#isOver = true;
      state.free = false;
      return true;
    });
    this.left();
  }

  /** It is over here, and may not be elsewhere: what was seen of it is not charged, as all of it will be. */
  left(): void {
    if (this.#batchId === undefined || this.#isOver) return;
    this.#isOver = true;
    const { facts } = this.#options;
    delete facts.usage;
    delete facts.uncountedTokens;
  }

  #event({ data }: Pick<WireEvent, 'data'>): void {
    const { kind, read } = this.#options;
    if (!data.includes('"id"') || (this.#isNamed && !data.includes('"status"'))) return;
    const event = parsedObject(data);
    const object = event && objectIn(kind, event);
    if (object) this.#found.push(read ? read(object) : object);
  }

  async #named(object: JsonObject): Promise<void> {
    const { batches, state, facts, kind, goesOn } = this.#options;
    const found = jobState(kind, object);
    if (!found) return;
    this.#hasEnd ||= found.over;
    if (this.#isNamed) return;
    this.#isNamed = true;
    if (found.over || this.#isOver || !(goesOn ?? object['background'] === true)) return;
    // A copy: what is worked out of it now must not be taken for what is known at its end.
    const { cost: _cost, ...rest } = state;
    const { usage: _usage, uncountedTokens: _uncounted, ...begun } = facts;
    // From here on, so that who leaves while it is written pays once.
    state.free = true;
    this.#batchId = found.id;
    if (await batches.created({ ...rest, facts: begun, free: true }, kind, object)) return;
    this.#batchId = undefined;
    state.free = false;
  }
}

const objectIn = (kind: JobKind, event: JsonObject): JsonObject | undefined => {
  if (kind === 'threads') return event['object'] === 'thread.run' ? event : undefined;
  const object = event[kind === 'interactions' ? 'interaction' : 'response'];
  return isObject(object) ? object : undefined;
};

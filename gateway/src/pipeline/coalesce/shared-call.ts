import { Canceller, SluiceError, type StreamAnswer, type StreamChunk } from 'sluice/kit';
import { Member } from './member.ts';
import type { CoalesceBounds, Joining, Made } from './sharing.ts';

/** One upstream call, and those who read its answer. */
export class SharedCall<C> {
  readonly context: C;
  /** What nobody may drop yet: the newest chunks of the stream, and where in it they begin. */
  readonly #chunks: StreamChunk[] = [];
  #base = 0;
  #heldBytes = 0;
  #totalBytes = 0;
  readonly #members = new Set<Member<C>>();
  readonly #bounds: Required<CoalesceBounds>;
  readonly #close: () => void;
  readonly #canceller = new Canceller();
  #payer: Member<C> | undefined;
  #over: ((failure: unknown) => void) | undefined;
  #stream: StreamAnswer | undefined;
  #pulling: Promise<void> | undefined;
  #room: (() => void) | undefined;
  #closed = false;
  /** Nothing more comes. */
  done = false;
  readonly #made: Promise<Made>;
  #resolve!: (made: Made | Promise<Made>) => void;

  constructor(bounds: CoalesceBounds, context: C, close: () => void) {
    this.context = context;
    this.#bounds = { maxReplayBytes: 256 * 1024, maxBehindBytes: 1024 * 1024, patienceMs: 2000, maxMembers: 1000, ...bounds };
    this.#close = close;
    this.#made = new Promise((resolve) => (this.#resolve = resolve));
    // Each member hears of a failure itself.
    this.#made.catch(() => {});
  }

  get joinable(): boolean {
    return !this.#closed && !this.done && this.#members.size > 0 && this.#members.size < this.#bounds.maxMembers;
  }

  get payer(): Member<C> | undefined {
    return this.#payer;
  }

  add(joining: Joining<C>): Member<C> {
    const member = new Member(this, joining, this.#payer === undefined);
    this.#payer ??= member;
    this.#members.add(member);
    member.follow(this.#made);
    return member;
  }

  begin({ make }: Joining<C>): void {
    this.#resolve(
      make(this.#canceller).then(
        (made) => this.#begun(made),
        (cause: unknown) => {
          this.done = true;
          this.#shut();
          throw cause;
        },
      ),
    );
  }

  #begun(made: Made): Made {
    this.#over = made.over;
    if (made.answer.kind === 'stream') this.#stream = made.answer;
    else this.#finish(undefined);
    // They have all left while it was made.
    if (this.#members.size === 0) this.#drop();
    return made;
  }

  get failure(): Error | undefined {
    return this.#stream?.failure;
  }

  get complete(): boolean {
    return this.#stream?.complete ?? false;
  }

  /** The chunk at a place of the stream; undefined: it is not there yet, or there is none. */
  at(place: number): StreamChunk | undefined {
    return this.#chunks[place - this.#base];
  }

  /** Drops what all have read, unless somebody may still join from the beginning. */
  trim(): void {
    if (!this.#closed && this.#totalBytes <= this.#bounds.maxReplayBytes) return;
    this.#shut();
    const least = this.#least();
    while (this.#base < least && this.#chunks.length > 0) {
      this.#heldBytes -= sizeOf(this.#chunks.shift()!);
      this.#base++;
    }
    if (this.#heldBytes <= this.#bounds.maxBehindBytes) this.#room?.();
  }

  #least(): number {
    let least = Infinity;
    for (const { place } of this.#members) least = Math.min(least, place);
    return least;
  }

  /** Waits until there is more, or all is over. */
  pull(): Promise<void> {
    return (this.#pulling ??= this.#pull().finally(() => (this.#pulling = undefined)));
  }

  async #pull(): Promise<void> {
    this.trim();
    if (this.#heldBytes > this.#bounds.maxBehindBytes) await this.#waitForRoom();
    if (this.done || this.#members.size === 0) return;
    const chunk = await this.#stream!.read();
    if (chunk === undefined) return this.#finish(this.#stream!.failure);
    const bytes = sizeOf(chunk);
    this.#chunks.push(chunk);
    this.#heldBytes += bytes;
    this.#totalBytes += bytes;
  }

  /** The slowest sets the pace, for a while; then it is cut off, and the others go on. */
  async #waitForRoom(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<'late'>((resolve) => (timer = setTimeout(resolve, this.#bounds.patienceMs, 'late')));
    const room = new Promise<'room'>((resolve) => (this.#room = () => resolve('room')));
    const how = await Promise.race([late, room]);
    clearTimeout(timer);
    this.#room = undefined;
    if (how === 'room') return;
    do {
      const least = this.#least();
      for (const member of this.#members) if (member.place === least) member.cutOff();
      this.trim();
    } while (this.#heldBytes > this.#bounds.maxBehindBytes && this.#members.size > 1);
  }

  /** One of them has left, or has it all. */
  leave(member: Member<C>): void {
    if (!this.#members.delete(member)) return;
    if (this.#members.size > 0) {
      const [next] = this.#members;
      // What is not over is paid for by who is still there at its end. Where the end has come, others may have been accounted by
      // now as those who do not pay, or this one as the one who does: it stays so, or nobody would pay, or two.
      if (member === this.#payer && !this.done && !this.complete) this.#payer = next;
      return this.trim();
    }
    this.#shut();
    this.#room?.();
    if (!this.done) this.#drop();
  }

  #drop(): void {
    const left = new SluiceError('client_closed_request', 'The client closed the connection.');
    this.#canceller.abort(left);
    this.#stream?.cancel();
    if (this.#stream) this.#finish(this.#stream.failure ?? left);
  }

  #finish(failure: unknown): void {
    if (this.done) return;
    this.done = true;
    this.#shut();
    const over = this.#over;
    this.#over = undefined;
    over?.(failure);
  }

  /** Nobody joins any more. */
  #shut(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#close();
  }
}

const sizeOf = (chunk: StreamChunk): number =>
  chunk instanceof Uint8Array ? chunk.length : chunk.reduce((sum, { data }) => sum + data.length, 0);

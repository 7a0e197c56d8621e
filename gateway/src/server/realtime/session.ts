import type { ServerWebSocket } from 'bun';
import { addUsage, SluiceError, type CallFacts, type Usage } from 'sluice/kit';
import { chargePart } from '../../pipeline/metering/charge-part.ts';
import type { Handling } from '../handling.ts';
import { transcriptionModel } from './transcription-model.ts';
import { TurnCount } from './turn-count.ts';
import { sendableCode, shortReason } from './close-codes.ts';
import type { ClientSocket, Frame, SocketListener } from '../../upstream/index.ts';

/** A conversation's provider, and what its client said until there was one. */
export interface Connected {
  upstream: ClientSocket;
  facts: CallFacts;
  /** Milliseconds; 0: no end. */
  maxDurationMs: number;
  /** The first frame as the provider is to have it. */
  first?: string;
}

export interface SessionOptions {
  handling: Handling;
  /** Connects, given the client's first frame where that says where to (Gemini Live). */
  connect?: (first: string) => Promise<Connected>;
  /** A failure as an event of the client's format; absent where it has none. */
  errorEvent?: (error: SluiceError) => string;
}

/** What a client may be behind before its provider is made to wait. Bytes. */
const pauseAtBytes = 1024 * 1024;
/** What a provider may be behind before it is given up: a client's socket cannot be told to wait. Bytes. */
export const maxBehindBytes = 16 * 1024 * 1024;
/** Frames of a client whose provider is still being reached: bytes, and how many, as one may be empty. */
const maxEarlyBytes = 4 * 1024 * 1024;
const maxEarlyFrames = 10_000;
/** How long a client may take to say where it wants to go. */
const maxSilenceMs = 30_000;

/**
 * One conversation: frames go both ways as they are. Each turn is charged as soon as its provider has counted it, and where a
 * budget has no room for another one the conversation ends. What they count together is told once, at the end.
 */
export class RealtimeSession implements SocketListener {
  readonly #options: SessionOptions;
  #client: ServerWebSocket<RealtimeSession> | undefined;
  #connected: Connected | undefined;
  #connecting = false;
  #early: Frame[] = [];
  #earlyBytes = 0;
  #usage: Usage | undefined;
  readonly #turns = new TurnCount();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #paused = false;
  #over = false;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** The provider is there before the client's side is opened. */
  attach(connected: Connected): void {
    this.#connected = connected;
  }

  opened(client: ServerWebSocket<RealtimeSession>): void {
    this.#client = client;
    this.#options.handling.state.signal.addEventListener('abort', this);
    if (this.#connected) this.#begin(this.#connected);
    else this.#timer = setTimeout(() => this.#fail(new SluiceError('timeout', 'Nothing was said.'), 1008), maxSilenceMs);
  }

  /** The gateway ends the call (it shuts down). A client that leaves is heard of by its socket. */
  handleEvent(): void {
    const reason = this.#options.handling.abortReason;
    if (SluiceError.is(reason) && reason.code === 'client_closed_request') return;
    this.#fail(SluiceError.from(reason), 1012);
  }

  fromClient(frame: Frame): void {
    if (this.#over) return;
    const upstream = this.#connected?.upstream;
    if (upstream) {
      this.#noteModel(frame);
      this.#turns.heard(frame);
      upstream.send(frame);
      if (upstream.waiting > maxBehindBytes) this.#fail(new SluiceError('unavailable', 'The provider does not keep up.'), 1013);
      return;
    }
    if (!this.#connecting) {
      this.#connecting = true;
      clearTimeout(this.#timer);
      void this.#connect(frame.toString());
      return;
    }
    this.#earlyBytes += frame.length;
    if (this.#earlyBytes > maxEarlyBytes || this.#early.length >= maxEarlyFrames)
      this.#fail(new SluiceError('request_too_large', 'Too much was said before the provider was there.'), 1009);
    // The runtime uses its buffers again.
    else this.#early.push(typeof frame === 'string' ? frame : Buffer.from(frame));
  }

  /** A conversation that is for transcriptions alone names its model no earlier. */
  #noteModel(frame: Frame): void {
    const facts = this.#connected?.facts;
    const { state } = this.#options.handling;
    if (facts?.model !== '' || typeof frame !== 'string') return;
    const model = transcriptionModel(frame);
    if (model === undefined) return;
    facts.model = model;
    state.model ??= model;
  }

  clientClosed(code: number, reason: string): void {
    if (this.#over) return;
    this.#connected?.upstream.close(sendableCode(code, 1001), shortReason(reason));
    this.#end(undefined);
  }

  frame(frame: Frame): void {
    if (this.#over || !this.#client) return;
    const usage = this.#turns.see(frame);
    const facts = this.#connected?.facts;
    if (facts) facts.firstOutputAt ??= this.#options.handling.state.clock();
    // Written down before its client has it.
    const full = usage && this.#charge(usage, false);
    this.#client.send(frame);
    if (full instanceof Promise)
      void full.then(
        (error) => error && this.#stop(error),
        () => {},
      );
    else if (full) return this.#stop(full);
    if (this.#client.getBufferedAmount() > pauseAtBytes) {
      this.#paused = true;
      this.#connected?.upstream.pause();
    }
  }

  /** @returns what to say where a budget has no room for another turn */
  #charge(usage: Usage, usageEstimated: boolean): ReturnType<typeof chargePart> {
    const facts = this.#connected?.facts;
    if (!facts) return undefined;
    const { state } = this.#options.handling;
    this.#usage = addUsage(this.#usage, usage);
    if (usageEstimated) facts.usageEstimated = true;
    const { usageEstimated: _estimated, ...rest } = facts;
    return chargePart(state, { ...rest, usage, endedAt: state.clock(), ...(usageEstimated && { usageEstimated }) });
  }

  #stop(error: SluiceError): void {
    this.#fail(error, 1008);
  }

  /** The client has taken what waited for it. */
  clientDrained(): void {
    if (!this.#paused || this.#over) return;
    this.#paused = false;
    this.#connected?.upstream.resume();
  }

  closed(code: number, reason: string): void {
    if (this.#over) return;
    const lost = code === 1006 || code === 1015;
    if (lost) return this.#fail(new SluiceError('stream_interrupted', "The provider's connection was lost."), 1011);
    this.#end(undefined);
    this.#client?.close(sendableCode(code, 1000), shortReason(reason));
  }

  async #connect(first: string): Promise<void> {
    try {
      const connected = await this.#options.connect!(first);
      // Nobody is there any more.
      if (this.#over) return connected.upstream.close(1001, '');
      this.#begin(connected);
      connected.upstream.send(connected.first ?? first);
      const early = this.#early;
      this.#early = [];
      for (const frame of early) connected.upstream.send(frame);
    } catch (cause) {
      const error = SluiceError.from(cause);
      this.#fail(error, error.status >= 500 ? 1011 : 1008);
    }
  }

  #begin(connected: Connected): void {
    this.#connected = connected;
    this.#options.handling.state.facts = connected.facts;
    const { maxDurationMs } = connected;
    if (maxDurationMs > 0) {
      const expired = () =>
        this.#fail(
          new SluiceError('timeout', `The session has lasted ${maxDurationMs} ms, which is as long as it may (session_expired).`),
          1001,
        );
      this.#timer = setTimeout(expired, Math.min(maxDurationMs, 2 ** 31 - 1));
    }
    connected.upstream.listen(this);
  }

  #fail(error: SluiceError, code: number): void {
    if (this.#over) return;
    const event = this.#options.errorEvent?.(error);
    if (event !== undefined) this.#client?.send(event);
    // Accounted first: closing tells of itself at once.
    this.#end(error);
    this.#connected?.upstream.close(code, '');
    this.#client?.close(code, shortReason(error.message));
  }

  #end(failure: SluiceError | undefined): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    this.#early = [];
    const { handling } = this.#options;
    handling.state.signal.removeEventListener('abort', this);
    const facts = this.#connected?.facts;
    // What is being said when it ends is billed, and nobody will count it.
    const uncounted = this.#turns.uncounted();
    const charged = uncounted && this.#charge(uncounted, true);
    if (charged instanceof Promise) charged.catch(() => {});
    if (facts) {
      facts.endedAt = handling.state.clock();
      if (this.#usage) facts.usage = this.#usage;
    }
    handling.ended(facts ? 101 : (failure?.status ?? 499), failure);
  }
}

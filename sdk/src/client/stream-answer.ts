import { concatBytes } from '../lib/event-boundary.ts';
import { formatSse } from '../lib/sse.ts';
import { SluiceError, type TransportResponse, type WireEvent } from '../types/index.ts';
import type { StreamAnswer, StreamChunk } from './call.ts';
import { mayDiffer } from './other-endpoint.ts';
import { asItTurnsOut, relayOf, wholeRelay, type Relay } from './relay.ts';
import { beginsAsEvents, isStream, parseAnswer, type AnswerParts } from './whole-answer.ts';

/** More than this is not held back, whatever it is. Bytes. */
const maxHeldBytes = 64 * 1024;
/** How long a provider may take to end the body behind its own end mark, so that the connection can be used again. Milliseconds. */
const lingerMs = 1000;

/**
 * A stream to the client, begun: its first output was seen, or `holdMs` passed since the first event that was more than a
 * sign of life.
 * @throws SluiceError a failure before that
 */
export const streamAnswer = async (parts: AnswerParts, holdMs: number): Promise<StreamAnswer> => {
  const { clock, facts, now } = parts;
  const streamed = isStream(parts.response.headers) || looksStreamed(parts.response.headers);
  const bytes = streamed ? undefined : await parts.response.bytes(parts.maxAnswerBytes);
  const whole = bytes !== undefined && !beginsAsEvents(bytes) ? bytes : undefined;
  const response = bytes === undefined || whole ? parts.response : readAlready(parts.response, bytes);
  const relay: Relay = whole ? wholeRelay(parts, whole) : mayDiffer(parts.call.target) ? asItTurnsOut(parts) : relayOf(parts);

  const held: StreamChunk[] = [];
  /** What came before the first event that says something: all there is, where none comes. */
  const early: Uint8Array[] = [];
  let earlyBytes = 0;
  let heldBytes = 0;
  let pending: Promise<Uint8Array | undefined> | undefined;
  let failure: SluiceError | undefined;
  let done = false;

  const noteOutput = () => {
    if (facts.firstOutputAt !== undefined || !relay.output) return;
    facts.firstOutputAt = now();
    clock.firstToken();
  };
  const toldFailure = () => relay.toldFailure && toFailure(relay.toldFailure, parts);
  let lingering: ReturnType<typeof setTimeout> | undefined;
  const finish = (how: SluiceError | undefined) => {
    failure = how;
    done = true;
    facts.endedAt = now();
    clearTimeout(lingering);
    clock.stop();
  };

  /** One step: bytes from the upstream, through the relay. Undefined: nothing to send for this chunk. */
  const step = async (): Promise<StreamChunk | undefined> => {
    pending ??= response.read();
    const bytes = await pending;
    pending = undefined;
    clock.tick();
    if (bytes !== undefined && !relay.started && earlyBytes < maxHeldBytes) {
      early.push(bytes);
      earlyBytes += bytes.length;
    }
    if (bytes === undefined) {
      const last = relay.close();
      noteOutput();
      finish(toldFailure());
      return last;
    }
    const chunk = relay.push(bytes);
    noteOutput();
    return chunk;
  };

  /** A step behind the end mark: what comes at once still goes out, but nobody waits for a body that does not end. */
  let enough: Promise<'enough'> | undefined;
  const lastStep = async (): Promise<StreamChunk | undefined> => {
    enough ??= new Promise((resolve) => (lingering = setTimeout(resolve, lingerMs, 'enough')));
    pending ??= response.read();
    if ((await Promise.race([pending, enough])) !== 'enough') return step();
    pending.catch(() => {});
    finish(toldFailure());
    response.cancel();
    return undefined;
  };

  /** The last for the client, where reading on has failed. What breaks behind the end mark is nothing that it misses. */
  const broke = (cause: unknown): StreamChunk | undefined => {
    let last: StreamChunk | undefined;
    try {
      if (!relay.final) last = relay.close(toFailure(cause, parts));
      finish(toldFailure());
    } catch (final) {
      const error = toFailure(final, parts);
      finish(error);
      last = relay.fail(error);
    }
    response.cancel();
    return last?.length === 0 ? undefined : last;
  };

  let hold: ReturnType<typeof setTimeout> | undefined;
  try {
    let patience: Promise<'enough'> | undefined;
    while (!done && !relay.output && heldBytes < maxHeldBytes) {
      if (relay.started) patience ??= new Promise((resolve) => (hold = setTimeout(resolve, holdMs, 'enough')));
      pending ??= response.read();
      if (patience && (await Promise.race([pending, patience])) === 'enough') break;
      const chunk = await step();
      if (chunk === undefined) continue;
      held.push(chunk);
      heldBytes += sizeOf(chunk);
    }
  } catch (cause) {
    throw unbegun(cause, early, relay, parts);
  } finally {
    clearTimeout(hold);
  }

  return {
    kind: 'stream',
    facts,
    async read() {
      const first = held.shift();
      if (first !== undefined) return first;
      try {
        while (!done) {
          const chunk = await (relay.final ? lastStep() : step());
          if (chunk !== undefined) return chunk;
        }
      } catch (cause) {
        if (!done) return broke(cause);
      }
      return undefined;
    },
    get failure() {
      return failure;
    },
    get complete() {
      return done || (relay.final && relay.toldFailure === undefined && held.length === 0);
    },
    cancel() {
      if (done) return;
      // Asked for more behind the end mark: the client has taken that one.
      finish(enough ? toldFailure() : new SluiceError('client_closed_request', 'The client closed the connection.'));
      response.cancel();
    },
  };
};

/**
 * A failure before the answer has begun. Nothing has gone out, so that the call can be made again as a whole; and what is no
 * stream may be an answer of another kind that says more: an error in JSON, a proxy's page.
 */
const unbegun = (cause: unknown, early: readonly Uint8Array[], relay: Relay, { prepared, response }: AnswerParts): unknown => {
  if (!SluiceError.is(cause) || cause.upstream || !broken.has(cause.code)) return cause;
  if (cause.code === 'stream_interrupted' && !relay.started && early.length > 0) {
    const bytes = concatBytes([...early]);
    try {
      const { protocol, hints } = prepared;
      protocol.response.fromWire(parseAnswer(bytes, response, protocol.response.mayBeList), hints, response.headers);
    } catch (told) {
      if (SluiceError.is(told)) return told.with({ retry: told.upstream ? told.retry : true });
    }
  }
  return cause.with({ retry: true });
};

const broken: ReadonlySet<string> = new Set(['stream_interrupted', 'invalid_response']);

const toFailure = (cause: unknown, { facts }: AnswerParts): SluiceError => {
  const where = { provider: facts.provider, model: facts.model };
  if (!SluiceError.is(cause))
    return new SluiceError('invalid_response', `The provider's stream cannot be read: ${String(cause)}`, { ...where, cause, retry: false });
  // Output has gone out: whatever it was, the call cannot be sent again as a whole.
  if (cause.code === 'connection')
    return new SluiceError('stream_interrupted', 'The connection to the provider broke before the answer was complete.', {
      ...where,
      cause,
    });
  return cause.with({ ...where, retry: false });
};

const sizeOf = (chunk: StreamChunk): number =>
  chunk instanceof Uint8Array ? chunk.length : chunk.reduce((sum, { data }) => sum + data.length, 0);

/** A server that forgets the content type of its stream, as small ones do. */
const looksStreamed = (headers: Headers): boolean => {
  const type = headers.get('content-type');
  return type === null || type.startsWith('text/plain') || type.startsWith('application/octet-stream');
};

/** A stream that was labelled as something else, and so was read to its end. */
const readAlready = (response: TransportResponse, bytes: Uint8Array): TransportResponse => {
  let left: Uint8Array | undefined = bytes;
  const take = () => {
    const taken = left;
    left = undefined;
    return taken;
  };
  const { status, headers } = response;
  return { status, headers, read: async () => take(), bytes: async () => take() ?? new Uint8Array(), cancel: () => response.cancel() };
};

/** Events framed for a client that reads server-sent events. */
export const frameSse = (events: readonly WireEvent[]): string => {
  let text = '';
  for (const event of events) text += formatSse(event);
  return text;
};

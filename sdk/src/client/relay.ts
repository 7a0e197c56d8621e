import { concatBytes, createBoundaryCutter } from '../lib/event-boundary.ts';
import { explode } from '../protocols/shared/collect.ts';
import { tokensOf } from '../protocols/shared/tokens-of-result.ts';
import { failEarly, refuseFailed } from '../protocols/shared/failed-answer.ts';
import { OutputCount } from '../protocols/shared/output-count.ts';
import { parseObject } from '../protocols/shared/read.ts';
import { SluiceError, type StreamPart, type WireEvent } from '../types/index.ts';
import type { StreamChunk } from './call.ts';
import { parserOf } from './framing.ts';
import { asAnswered, saysNothing } from './other-endpoint.ts';
import { reframe } from './reframe.ts';
import { isUsageAlone, withoutEvent } from './unasked-usage.ts';
import { isSignOfLife } from './sign-of-life.ts';
import { eventsOf } from './vendor-events.ts';
import { parseAnswer, type AnswerParts } from './whole-answer.ts';

/** How one chunk of the upstream becomes what the client gets. */
export interface Relay {
  /** @throws SluiceError on a failure that the upstream reported or that its bytes are */
  push(bytes: Uint8Array): StreamChunk | undefined;
  /**
   * The upstream closed the connection, or it broke (`cause`).
   * @throws SluiceError if the answer was not complete
   */
  close(cause?: SluiceError): StreamChunk | undefined;
  /** A failure as events that go on from what went out before. */
  fail(error: SluiceError): readonly WireEvent[];
  /** Real output, or the regular end, was seen. */
  readonly output: boolean;
  /** Any event was seen that is more than a sign of life. */
  readonly started: boolean;
  /** Nothing more is to be waited for: the provider's own end, or its word that it failed, has gone out. */
  readonly final: boolean;
  /** A failure of which the client was told. */
  readonly toldFailure?: SluiceError | undefined;
}

/** The relay of a call whose formats are known. */
export const relayOf = (parts: AnswerParts): Relay => {
  const { prepared, call } = parts;
  if (!prepared.same || call.asParts) return translate(parts);
  return prepared.framing === (call.framing ?? call.format.framing) ? passThrough(parts) : reframe(parts);
};

/** The relay for the format that the stream's first telling event is in; until then its bytes are kept. */
export const asItTurnsOut = (parts: AnswerParts): Relay => {
  const { prepared, call, facts } = parts;
  let relay: Relay | undefined;
  let early: Uint8Array[] = [];
  const parser = parserOf(prepared.framing, ({ data }) => {
    if (relay) return;
    const sample = parseObject(data) ?? {};
    if (saysNothing(sample)) return;
    const actual = asAnswered(prepared, call.format.id, sample);
    facts.same = actual.same;
    relay = relayOf({ ...parts, prepared: actual });
  });
  const release = (chosen: Relay): StreamChunk | undefined => {
    const chunks = early.map((bytes) => chosen.push(bytes)).filter((chunk) => chunk !== undefined);
    early = [];
    return chunks.length > 1 ? joined(chunks) : chunks[0];
  };
  return {
    push(bytes) {
      if (relay && early.length === 0) return relay.push(bytes);
      early.push(bytes);
      try {
        parser.push(bytes);
      } catch (cause) {
        // Rubbish behind the event that told the format is for the relay of that format: it lets out what came before.
        if (!relay) throw cause;
      }
      return relay && release(relay);
    },
    close(cause) {
      const chosen = (relay ??= relayOf(parts));
      const chunks = [release(chosen), chosen.close(cause)].filter((chunk) => chunk !== undefined);
      return chunks.length > 1 ? joined(chunks) : chunks[0];
    },
    fail: (error) => (relay ? relay.fail(error) : call.format.errors.toEvents(error)),
    get final() {
      return relay?.final ?? false;
    },
    get output() {
      return relay?.output ?? false;
    },
    get started() {
      return relay?.started ?? false;
    },
    get toldFailure() {
      return relay?.toldFailure;
    },
  };
};

/** Chunks of one relay are of one kind. */
const joined = (chunks: StreamChunk[]): StreamChunk =>
  chunks[0] instanceof Uint8Array ? concatBytes(chunks as Uint8Array[]) : (chunks as (readonly WireEvent[])[]).flat();

/** Same format and framing: the bytes as they came; a tap reads along. */
const passThrough = ({ call, prepared, facts }: AnswerParts): Relay => {
  const tap = call.format.stream.tap();
  facts.uncountedTokens = () => tap.uncounted;
  const cutter = createBoundaryCutter(prepared.framing);
  let started = false;
  let last = '';
  /** It ended in the middle of an event, before its end. */
  let cutShort = false;
  /** What the client has not asked for, in what is about to go out. */
  let unasked: string | undefined;
  const parser = eventsOf({ call, prepared }, (event) => {
    started ||= !isSignOfLife(event);
    last = event.data;
    tap.push(event);
    if (prepared.asksUsage && isUsageAlone(event)) unasked = event.data;
  });
  const look = () => {
    if (tap.usage) facts.usage = tap.usage;
    if (tap.id !== undefined) facts.answerId = tap.id;
    if (tap.encryptedIds) facts.encryptedIds = tap.encryptedIds;
  };
  const without = (bytes: Uint8Array | undefined): Uint8Array | undefined => {
    if (unasked === undefined || !bytes) return bytes;
    const left = withoutEvent(bytes, unasked);
    unasked = undefined;
    return left.length === 0 ? undefined : left;
  };
  return {
    push(bytes) {
      try {
        parser.push(bytes);
      } catch (cause) {
        if (!tap.final) throw cause;
      }
      look();
      // Before output, an error inside the 200 is an error like any other. After it, the provider's own event goes out as it came.
      if (tap.error && !tap.output) throw tap.error;
      return without(cutter.push(bytes));
    },
    close(cause) {
      const ended = tap.ended;
      last = '';
      if (!cause) parser.close();
      look();
      if (tap.error && !tap.output) throw tap.error;
      // A torn event is not sent, since the client could not read it, and is no end, whatever it is called.
      const torn = last !== '' && !last.startsWith('[DONE]') && !parseObject(last);
      cutShort ||= torn && !ended;
      if (cutShort || (!tap.ended && !tap.error)) throw cause ?? interrupted();
      return cause || torn ? undefined : without(cutter.rest());
    },
    fail: (error) => call.format.errors.toEvents(error),
    get final() {
      return !cutShort && (tap.final === true || tap.error !== undefined);
    },
    get output() {
      return tap.output || tap.ended;
    },
    get started() {
      return started;
    },
    get toldFailure() {
      return tap.error;
    },
  };
};

/** Another format: events -> parts -> events, within the chunk. */
const translate = (parts: AnswerParts): Relay => {
  const { call, prepared, facts, writing } = parts;
  const decoder = prepared.protocol.stream.decoder(prepared.hints);
  const encoder = call.format.stream.encoder(writing);
  let out: WireEvent[] = [];
  let failure: SluiceError | undefined;
  const count = new OutputCount([]);
  facts.uncountedTokens = () => count.tokens;
  /** Usage was told in this event: it counts all of it. */
  let counted = false;
  const state = { output: false, started: false, ended: false, told: false };

  const emit = failEarly((part) => {
    if (failure || state.ended) return;
    if (part.type === 'error') {
      failure = part.error;
      return;
    }
    if (part.type === 'usage') {
      facts.usage = part.usage;
      counted = true;
    } else if (part.type === 'start') {
      // What the prompt was is known now, and may be all that is ever told.
      if (part.usage) facts.usage = part.usage;
    } else if (part.type === 'end') state.ended = true;
    else if (part.type === 'text-delta' || part.type === 'thinking-delta' || part.type === 'arguments-delta') count.add(part.text);
    if (outputTypes[part.type]) state.output = true;
    for (const event of encoder.push(part)) out.push(event);
  });
  const parser = eventsOf(parts, (event) => {
    state.started ||= !isSignOfLife(event);
    decoder.push(event, emit);
    if (!counted) return;
    count.counted();
    counted = false;
  });
  const take = (): StreamChunk | undefined => {
    if (failure && !state.told) {
      // What was decoded before the failure in the same chunk still goes out, unless nothing has: then it is a plain error.
      if (out.length === 0 || !state.output) throw failure;
      return fail(failure);
    }
    if (out.length === 0) return undefined;
    const chunk = out;
    out = [];
    return chunk;
  };
  const fail = (error: SluiceError): readonly WireEvent[] => {
    failure = error;
    state.told = true;
    const written = encoder.push({ type: 'error', error });
    const events = [...out, ...(written.length > 0 ? written : call.format.errors.toEvents(error))];
    out = [];
    return events;
  };

  return {
    push(bytes) {
      try {
        parser.push(bytes);
      } catch (cause) {
        // What could be read before it goes out first. Behind the end it is nothing that anybody misses.
        if (!state.ended) failure ??= SluiceError.from(cause);
      }
      return take();
    },
    close(cause) {
      // What was cut off is no event, and what broke the connection says more than that the end is missing.
      if (!cause) parser.close();
      const before = failure;
      decoder.close(emit);
      if (counted) count.counted();
      if (cause && failure && !before) failure = cause;
      if (!failure && !state.ended) failure = cause ?? interrupted();
      return take();
    },
    fail,
    get final() {
      return state.ended || state.told;
    },
    get output() {
      return state.output || state.ended;
    },
    get started() {
      return state.started;
    },
    get toldFailure() {
      return state.told ? failure : undefined;
    },
  };
};

/** The parts that a client sees as the answer itself. */
const outputTypes: Partial<Record<StreamPart['type'], true>> = {
  'text-delta': true,
  'thinking-delta': true,
  'signature-delta': true,
  'arguments-delta': true,
  'audio-delta': true,
  'part-end': true,
};

/** The provider answered a streaming request with a whole body: it is streamed from here. */
export const wholeRelay = ({ call, prepared, response, facts, writing }: AnswerParts, bytes: Uint8Array): Relay => {
  const json = parseAnswer(bytes, response, prepared.protocol.response.mayBeList);
  const result = refuseFailed(prepared.protocol.response.fromWire(json, prepared.hints, response.headers));
  if (result.usage) facts.usage = result.usage;
  else facts.uncountedTokens = () => tokensOf(result);
  const encoder = call.format.stream.encoder(writing);
  const events: WireEvent[] = [];
  explode(result, (part) => void events.push(...encoder.push(part)));
  return { push: () => undefined, close: () => events, fail: call.format.errors.toEvents, final: false, output: true, started: true };
};

const interrupted = (): SluiceError =>
  new SluiceError('stream_interrupted', 'The provider closed the stream before the answer was complete.');

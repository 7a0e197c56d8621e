import { SluiceError, type WireEvent } from '../types/index.ts';
import type { StreamChunk } from './call.ts';
import type { Relay } from './relay.ts';
import { isUsageAlone } from './unasked-usage.ts';
import { isSignOfLife } from './sign-of-life.ts';
import { eventsOf } from './vendor-events.ts';
import type { AnswerParts } from './whole-answer.ts';

/** Same format, lying on the wire in another way than the client's: each event goes on as it is, and a tap reads along. */
export const reframe = (parts: AnswerParts): Relay => {
  const { call, facts } = parts;
  const tap = call.format.stream.tap();
  facts.uncountedTokens = () => tap.uncounted;
  let started = false;
  let out: WireEvent[] = [];
  const parser = eventsOf(parts, (event) => {
    started ||= !isSignOfLife(event);
    tap.push(event);
    if (parts.prepared.asksUsage && isUsageAlone(event)) return;
    out.push(event);
  });
  const take = (): StreamChunk | undefined => {
    if (tap.usage) facts.usage = tap.usage;
    // Before output, an error inside the 200 is an error like any other.
    if (tap.error && !tap.output) throw tap.error;
    if (out.length === 0) return undefined;
    const chunk = out;
    out = [];
    return chunk;
  };
  return {
    push(bytes) {
      try {
        parser.push(bytes);
      } catch (cause) {
        if (!tap.final) throw cause;
      }
      return take();
    },
    close(cause) {
      if (!cause) parser.close();
      if (!tap.ended && !tap.error)
        throw cause ?? new SluiceError('stream_interrupted', 'The provider closed the stream before the answer was complete.');
      return take();
    },
    fail(error) {
      const events = [...out, ...call.format.errors.toEvents(error)];
      out = [];
      return events;
    },
    get final() {
      return tap.final === true || tap.error !== undefined;
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

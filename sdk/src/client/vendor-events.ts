import { upstreamProtocolOf } from '../protocols/index.ts';
import { SluiceError, type WireEvent } from '../types/index.ts';
import { parserOf, type EventParser } from './framing.ts';
import type { AnswerParts } from './whole-answer.ts';

/**
 * The parser of the provider's stream. A failure that its framing has words for, and the format inside has not (an
 * exception of AWS in front of Claude's events), is thrown in the vendor's words.
 */
export const eventsOf = ({ call, prepared }: Pick<AnswerParts, 'call' | 'prepared'>, onEvent: (event: WireEvent) => void): EventParser => {
  const vendor = call.target.provider.speaks[prepared.endpoint]?.errors;
  if (vendor === undefined) return parserOf(prepared.framing, onEvent);
  const decoder = upstreamProtocolOf(vendor).stream.decoder();
  return parserOf(prepared.framing, (event) => {
    if (!isException(event)) return onEvent(event);
    let failure: SluiceError | undefined;
    decoder.push(event, (part) => {
      if (part.type === 'error') failure ??= part.error;
    });
    throw failure ?? new SluiceError('stream_interrupted', `The provider ended the stream with '${event.event}'.`);
  });
};

/** Claude's own `error` names its type first; that of the framing has a code. */
const isException = ({ event, data }: WireEvent): boolean =>
  event !== undefined && (event.endsWith('Exception') || (event === 'error' && !data.startsWith('{"type"')));

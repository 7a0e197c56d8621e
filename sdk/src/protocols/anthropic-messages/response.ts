import { SluiceError, type ChatResult, type DecodeHints, type FromResultContext, type JsonObject, type Part } from '../../types/index.ts';
import { asObjects, asString } from '../shared/read.ts';
import { withHints } from '../shared/tool-hints.ts';
import { writeAnswerBlocks } from './answer-blocks.ts';
import { readBlock } from './blocks-from-wire.ts';
import { given, protocolId } from './common.ts';
import { fromEvent } from './errors.ts';
import { readStopReason, writeStopReason } from './finish.ts';
import * as usageOf from './usage.ts';

/** A whole answer. @throws SluiceError `invalid_response` */
export const fromWire = (body: JsonObject, hints?: DecodeHints): ChatResult => {
  const { id, type, role: _role, model, content, stop_reason, stop_sequence, usage, ...others } = body;
  // An error that came with a 200.
  if (type === 'error' && !Array.isArray(content)) throw fromEvent(body);
  if (!Array.isArray(content))
    throw new SluiceError('invalid_response', 'The provider answered with something that is not a message.', { upstream: { body } });
  const parts = placeCitations(asObjects(content).map((block) => withHints(readBlock(block), hints)));
  const counted = usageOf.fromWire(usage);
  const serviceTier = usageOf.readServiceTier(usage);
  const reason = readStopReason(stop_reason);
  const calls = parts.some(({ type: kind }) => kind === 'tool-call');
  const more = given(others);
  return {
    id: asString(id) ?? '',
    model: asString(model) ?? '',
    candidates: [
      {
        index: 0,
        content: parts,
        // The call that was forced to get JSON is the answer, and nothing to be run.
        finishReason: reason === 'tool-calls' && hints?.jsonToolName !== undefined && !calls ? 'stop' : reason,
        ...(typeof stop_reason === 'string' && { rawFinishReason: stop_reason }),
        ...(typeof stop_sequence === 'string' && { stopSequence: stop_sequence }),
      },
    ],
    ...(counted && { usage: counted }),
    ...(serviceTier !== undefined && { serviceTier }),
    ...(Object.keys(more).length > 0 && { extra: { [protocolId]: more } }),
  };
};

/** A block's citations are about all of its text; where that stands in the answer is known once the texts before are. */
const placeCitations = (parts: Part[]): Part[] => {
  let at = 0;
  return parts.map((part) => {
    if (part.type !== 'text') return part;
    const startIndex = at;
    const endIndex = (at += part.text.length);
    return part.citations ? { ...part, citations: part.citations.map((citation) => ({ ...citation, startIndex, endIndex })) } : part;
  });
};

/** An id as Anthropic's begin; a foreign one stays readable in it. */
export const messageId = (id: string | undefined, context: FromResultContext): string =>
  !id ? context.newId('msg_') : id.startsWith('msg_') ? id : `msg_${id}`;

/** A whole answer for a client. Only the first candidate: this format has one. */
export const toWire = (result: ChatResult, context: FromResultContext): JsonObject => {
  const candidate = result.candidates[0];
  const content = candidate?.content.flatMap(writeAnswerBlocks) ?? [];
  const facts = {
    calls: candidate?.content.some(({ type }) => type === 'tool-call') ?? false,
    refused: candidate?.content.some(({ type }) => type === 'refusal') ?? false,
  };
  return {
    id: messageId(result.id, context),
    type: 'message',
    role: 'assistant',
    model: context.model || result.model,
    content,
    stop_reason: candidate ? writeStopReason(candidate.finishReason, candidate.rawFinishReason, facts) : 'end_turn',
    stop_sequence: candidate?.stopSequence ?? null,
    usage: usageOf.toWire(result.usage, result.serviceTier),
    ...result.extra?.[protocolId],
  };
};

export const usage = (body: JsonObject) => usageOf.fromWire(body['usage']);

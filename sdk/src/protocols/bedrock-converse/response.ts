import { SluiceError, type ChatResult, type DecodeHints, type FromResultContext, type JsonObject, type Part } from '../../types/index.ts';
import { asObject, asObjects, asString, compact } from '../shared/read.ts';
import { withHints } from '../shared/tool-hints.ts';
import { writeAnswerBlocks } from './answer-blocks.ts';
import { readBlock } from './blocks-from-wire.ts';
import { protocolId } from './common.ts';
import { readStopReason, writeStopReason } from './finish.ts';
import * as usageOf from './usage.ts';

/** The stop sequence that was met, which Claude tells where it is asked to (`additionalModelResponseFieldPaths`). */
export const stopSequenceOf = (fields: unknown): string | undefined => {
  const given = asObject(fields);
  return asString(given?.['stop_sequence']) ?? asString(asObject(given?.['delta'])?.['stop_sequence']);
};

/** A whole answer. It has no id and does not say which model gave it. @throws SluiceError `invalid_response` */
export const fromWire = (body: JsonObject, hints?: DecodeHints): ChatResult => {
  const { output, stopReason, usage: counts, serviceTier, ...more } = body;
  const content = asObject(asObject(output)?.['message'])?.['content'];
  if (!Array.isArray(content))
    throw new SluiceError('invalid_response', 'The provider answered with something that is not a message.', { upstream: { body } });
  const blocks = asObjects(content).map((block) => withHints(readBlock(block, hints?.origin), hints));
  // Some models were seen to begin with an empty text.
  const parts = placeCitations(
    blocks.filter((part) => part.type !== 'text' || part.text !== '' || part.citations?.length || part.signature),
  );
  const usage = usageOf.fromWire(counts);
  const reason = readStopReason(stopReason);
  const calls = parts.some(({ type }) => type === 'tool-call');
  const stopSequence = stopSequenceOf(more['additionalModelResponseFields']);
  const tier = asString(asObject(serviceTier)?.['type']);
  return {
    id: '',
    model: '',
    candidates: [
      {
        index: 0,
        content: parts,
        // The call that was forced to get JSON is the answer, and nothing to be run.
        finishReason: reason === 'tool-calls' && hints?.jsonToolName !== undefined && !calls ? 'stop' : reason,
        ...(typeof stopReason === 'string' && { rawFinishReason: stopReason }),
        ...(stopSequence !== undefined && { stopSequence }),
      },
    ],
    ...(usage && { usage }),
    ...(tier !== undefined && { serviceTier: tier }),
    ...(Object.keys(more).length > 0 && { extra: { [protocolId]: compact(more) } }),
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

const tiers = new Set(['default', 'flex', 'priority', 'reserved']);

/** `serviceTier` for a client, where the provider's word is one of Bedrock's. */
export const writeTier = (tier: string | undefined): JsonObject =>
  tier === undefined
    ? {}
    : tiers.has(tier)
      ? { serviceTier: { type: tier } }
      : tier === 'standard'
        ? { serviceTier: { type: 'default' } }
        : {};

/** A whole answer for a client. Only the first candidate: this format has one. How long it took is not known here, but a number is demanded. */
export const toWire = (result: ChatResult, _context: FromResultContext): JsonObject => {
  const candidate = result.candidates[0];
  const parts = candidate?.content ?? [];
  const calls = parts.some(({ type }) => type === 'tool-call');
  return {
    metrics: { latencyMs: 0 },
    output: { message: { role: 'assistant', content: parts.flatMap(writeAnswerBlocks) } },
    stopReason: candidate ? writeStopReason(candidate.finishReason, candidate.rawFinishReason, calls) : 'end_turn',
    usage: usageOf.toWire(result.usage),
    ...writeTier(result.serviceTier),
    ...(candidate?.stopSequence !== undefined && { additionalModelResponseFields: { stop_sequence: candidate.stopSequence } }),
    ...result.extra?.[protocolId],
  };
};

export const usage = (body: JsonObject) => usageOf.fromWire(body['usage']);

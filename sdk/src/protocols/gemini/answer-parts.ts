import type { JsonObject, Part, ThinkingPart, ToolCallPart } from '../../types/index.ts';
import { parseObject } from '../shared/read.ts';
import { sealedMark, sealOpaque, sealSignature, sealThinking, sealThoughts } from '../shared/seal.ts';
import { isMadeCallId } from './call-ids.ts';
import { toMediaData } from './media.ts';

/**
 * One part of an answer as Gemini's clients read it. What other vendors want back (signatures, redacted thoughts) is
 * sealed in `thoughtSignature`, which every client of this format sends back.
 * @param thoughts what was thought before a call: on the call as well, where Google's own signature stands too, since
 *   some clients (Gemini CLI) keep no thoughts
 */
export const writeAnswerPart = (part: Part, thoughts: readonly ThinkingPart[] = []): JsonObject[] => {
  switch (part.type) {
    case 'text':
      if (part.text === '' && !part.signature) return [];
      return [{ text: part.text, ...(part.signature && { thoughtSignature: sealSignature(part.signature, 'google') }), ...ownOf(part) }];
    case 'refusal':
      return part.text === '' ? [] : [{ text: part.text }];
    case 'thinking': {
      const proof = proofOf(part);
      if (part.text === '' && proof === undefined) return [];
      if (part.text === '' && proof?.startsWith(sealedMark)) return [{ ...wordless(part), ...ownOf(part) }];
      return [{ text: part.text, thought: true, ...(proof !== undefined && { thoughtSignature: proof }), ...ownOf(part) }];
    }
    case 'tool-call':
      return [writeCall(part, thoughts)];
    case 'image':
    case 'audio':
    case 'video':
    case 'file': {
      const data = toMediaData(part);
      const signature = part.type === 'image' && part.signature ? { thoughtSignature: sealSignature(part.signature, 'google') } : undefined;
      const media = data ? [{ ...data, ...signature, ...ownOf(part) }] : [];
      return part.type === 'audio' && part.transcript ? [...media, { text: part.transcript }] : media;
    }
    case 'opaque':
      if (part.origin === 'google') return [part.value];
      return [part.text ? { text: part.text } : { ...filler, thoughtSignature: sealOpaque(part) }];
    case 'tool-result':
      return [];
  }
};

const ownOf = (part: Part): JsonObject | undefined => part.extra?.['gemini'];

/** Vercel's AI SDK drops a thought without words, or puts its proof in the place of the one before it. */
const filler = { text: ' ', thought: true };

const wordless = (part: ThinkingPart): JsonObject => ({ ...filler, thoughtSignature: sealThinking(part, true) });

/** Google's own signature as it is; everything else that a thought carries, sealed. */
export const proofOf = (part: ThinkingPart): string | undefined =>
  part.signature?.origin === 'google' && !part.redacted ? part.signature.value : sealThinking(part);

const writeCall = (part: ToolCallPart, thoughts: readonly ThinkingPart[]): JsonObject => ({
  functionCall: {
    ...(!isMadeCallId(part.id) && { id: part.id }),
    name: part.name,
    args: part.kind === 'custom' ? { input: part.arguments } : (parseObject(part.arguments) ?? {}),
  },
  ...signatureOfCall(part, thoughts),
  ...ownOf(part),
});

const signatureOfCall = ({ signature }: ToolCallPart, thoughts: readonly ThinkingPart[]): JsonObject | undefined => {
  const thoughtSignature = signature ? sealSignature(signature, 'google') : sealThoughts(thoughts, 'google');
  return thoughtSignature === undefined ? undefined : { thoughtSignature };
};

/** The parts of an answer, each with the thoughts that the first call behind them is to carry. */
export const withThoughts = (content: readonly Part[]): { part: Part; thoughts: readonly ThinkingPart[] }[] => {
  let thoughts: ThinkingPart[] = [];
  return content.map((part) => {
    if (part.type === 'thinking') thoughts.push(part);
    if (part.type !== 'tool-call') return { part, thoughts: [] };
    const carried = thoughts;
    thoughts = [];
    return { part, thoughts: carried };
  });
};

/** Why a call cannot be written: its arguments are no object. Gemini's word for it is a finish reason. */
export const malformedCall = (part: Part): string | undefined => {
  if (part.type !== 'tool-call' || part.kind === 'custom' || part.arguments.trim() === '' || parseObject(part.arguments)) return undefined;
  return `The arguments of '${part.name}' are not a JSON object: ${part.arguments.slice(0, 500)}`;
};

import { readOpenAiUsage } from '../../protocols/shared/openai-usage.ts';
import { asNumber, asObject, asString } from '../../protocols/shared/read.ts';
import type { BilledUnits, JsonObject, Operation, Usage } from '../../types/index.ts';

/** What a call is billed by besides tokens, from its request and its answer, where both are in the clients' format. */
const units: { readonly [K in Operation]?: (known: JsonObject, answer: JsonObject) => BilledUnits | undefined } = {
  'image-generation': imageUnits,
  'image-edit': imageUnits,
  'image-variation': imageUnits,
  transcription: audioUnits,
  translation: audioUnits,
  speech: ({ input }) => (typeof input === 'string' ? { inputCharacters: charactersOf(input) } : undefined),
  ocr: (_, answer) => {
    const pages = asNumber(asObject(answer['usage_info'])?.['pages_processed']) ?? lengthOf(answer['pages']);
    return pages === undefined ? undefined : { pages };
  },
  search: ({ query }) => ({ queries: Array.isArray(query) ? query.length : 1 }),
  // Billed when the job is made: looking at it again costs nothing.
  'video-create': videoUnits,
  'video-remix': videoUnits,
};

/** The usage of an answer in the clients' own format. Undefined: nothing of it is known. */
export const usageOf = (operation: Operation, known: JsonObject, answer: JsonObject): Usage | undefined => {
  const usage = answer['usage'];
  const tokens = readOpenAiUsage(usage);
  const billed = units[operation]?.(known, answer);
  if (!tokens && !billed) return undefined;
  return {
    ...(tokens ?? { inputTokens: 0, outputTokens: 0, ...(usage !== undefined && { raw: usage }) }),
    ...(billed && { units: billed }),
  };
};

function imageUnits(known: JsonObject, answer: JsonObject): BilledUnits | undefined {
  const images = lengthOf(answer['data']);
  if (images === undefined) return undefined;
  const size = asString(answer['size']) ?? asString(known['size']);
  const quality = asString(answer['quality']) ?? asString(known['quality']);
  return {
    images,
    ...(size !== undefined && size !== 'auto' && { imageSize: size }),
    ...(quality !== undefined && quality !== 'auto' && { imageQuality: quality }),
  };
}

function videoUnits({ seconds, size: asked }: JsonObject, answer: JsonObject): BilledUnits | undefined {
  const made = Number(answer['seconds'] ?? seconds);
  const size = asString(answer['size']) ?? asString(asked);
  return made > 0 ? { outputSeconds: made, ...(size !== undefined && { imageSize: size }) } : undefined;
}

function audioUnits(_: JsonObject, answer: JsonObject): BilledUnits | undefined {
  const seconds = asNumber(asObject(answer['usage'])?.['seconds']) ?? asNumber(answer['duration']);
  return seconds === undefined ? undefined : { inputSeconds: seconds };
}

const lengthOf = (value: unknown): number | undefined => (Array.isArray(value) ? value.length : undefined);

/** As vendors count them: code points. */
const charactersOf = (text: string): number => {
  let count = 0;
  for (const _ of text) count++;
  return count;
};

import { estimateTokens, type JsonObject, type Operation, type Usage } from 'sluice/kit';
import { imageTokens } from '../governance/image-tokens.ts';

type BilledUnits = NonNullable<Usage['units']>;
type Asked = (known: JsonObject, model: string) => Partial<Usage>;

const ofUnits =
  (read: (known: JsonObject) => BilledUnits): Asked =>
  (known) => ({ units: read(known) });

const images: Asked = ({ n, size, quality, prompt, partial_images: partials }, model) => {
  const count = Math.min(100, numberOf(n) ?? 1);
  const [imageSize, imageQuality] = [sayingOf(size), sayingOf(quality)];
  const units = { images: count, ...(imageSize && { imageSize }), ...(imageQuality && { imageQuality }) };
  // Those that make pictures of tokens say none of them before they are done: the most that it may be, as it was held.
  const each = imageTokens(model, { quality: imageQuality, size: imageSize, partials: numberOf(partials) ?? 0 });
  return { inputTokens: promptTokens(prompt), outputImageTokens: count * each, units };
};

const videos = ofUnits(({ seconds, size }) => {
  const outputSeconds = numberOf(seconds) ?? usualVideoSeconds;
  return { outputSeconds, ...(typeof size === 'string' && { imageSize: size }) };
});

/** OpenAI's, where nobody says how long (openai/openai-python, src/openai/types/video_create_params.py, read 2026-11-22). */
const usualVideoSeconds = 4;

/** A second of speech is about 15 characters and 20 tokens. */
const soundTokensPerCharacter = 20 / 15;

const asked: { readonly [K in Operation]?: Asked } = {
  'image-generation': images,
  'image-edit': images,
  'image-variation': images,
  speech: ({ input }) => {
    const text = typeof input === 'string' ? input : '';
    const inputCharacters = Array.from(text).length;
    // Models are billed by characters, or by what they read and say in tokens.
    const outputAudioTokens = Math.ceil(inputCharacters * soundTokensPerCharacter);
    return { inputTokens: promptTokens(text), outputAudioTokens, units: { inputCharacters } };
  },
  ocr: ({ pages }) => (Array.isArray(pages) ? { units: { pages: pages.length } } : {}),
  search: ofUnits(({ query }) => ({ queries: Array.isArray(query) ? query.length : 1 })),
  'video-create': videos,
  'video-remix': videos,
};

/**
 * What a call asked for, for one that was sent and whose client has left before there was an answer: pictures by number and size,
 * sound by the text that is to be said, films by their length. How long a recording is that was sent in, only its answer says.
 * @param known members of the request
 * @param model the upstream's name of it
 */
export const askedFor = (operation: Operation, known: JsonObject, model: string): Partial<Usage> => asked[operation]?.(known, model) ?? {};

const promptTokens = (prompt: unknown): number => (typeof prompt === 'string' ? Math.ceil(estimateTokens(prompt)) : 0);

const sayingOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value !== 'auto' ? value : undefined;

const numberOf = (value: unknown): number | undefined => {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) && read > 0 ? read : undefined;
};

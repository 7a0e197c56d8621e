import { usageFromWire, searchesOf } from '../../protocols/gemini/usage.ts';
import { asArray, asObject, asObjects, asString, compact } from '../../protocols/shared/read.ts';
import { SluiceError, type Adapter, type JsonObject, type Usage, type Wire } from '../../types/index.ts';
import { base64Of, imagesResult, repeat, summed, type MadeImage } from '../images/result.ts';
import { shapeOf } from '../images/size.ts';
import { noMask, readWish, type ImageWish } from '../images/wish.ts';
import { jobFailed, noAnswer } from '../media/failure.ts';
import { typedMembers } from '../media/members.ts';
import { imagenEdit, imagenGeneration } from './imagen.ts';

/*
 * Images of Gemini are parts of its answers; Imagen has a call of its own. The same on both of Google's clouds, at other
 * addresses. Sources, read 2026-11-22: ai.google.dev/gemini-api/docs/image-generation, ai.google.dev/api/generate-content
 * (`ImageConfig`).
 */

const geminiShapes = ['21:9', '16:9', '3:2', '4:3', '5:4', '1:1', '4:5', '3:4', '2:3', '9:16'] as const;

/** Adapters over one cloud. `path` leads to a method of the model. */
export const googleImages = (
  path: (method: string) => string,
  { masks }: { masks: boolean },
): { 'image-generation': Adapter<'image-generation'>; 'image-edit': Adapter<'image-edit'> } => ({
  'image-generation': async (request, wire) => {
    if (isImagen(wire.model)) return imagenGeneration(request, wire, path('predict'));
    return make(readWish(request, wire), path('generateContent'), wire);
  },
  'image-edit': async (request, wire) => {
    if (isImagen(wire.model)) {
      if (!masks) throw new SluiceError('invalid_request', 'Imagen edits images on Vertex AI alone.', { param: 'model' });
      return imagenEdit(request, wire, path('predict'));
    }
    const wish = readWish(request, wire);
    noMask(wish, wire);
    return make(wish, path('generateContent'), wire);
  },
});

const isImagen = (model: string): boolean => /imagen|imagegeneration/.test(model);

/** The size of the long side: only models since the third know others than one thousand pixels. */
const resolutionOf = ({ size }: ImageWish, model: string): string | undefined => {
  const long = size && Math.max(size.width, size.height);
  if (long === undefined || /gemini-[12]/.test(model)) return undefined;
  return long > 3072 ? '4K' : long > 1792 ? '2K' : '1K';
};

/** Members of `generationConfig` that users give as they are. */
const settings: ReadonlySet<string> = new Set([
  'temperature',
  'topP',
  'topK',
  'seed',
  'maxOutputTokens',
  'mediaResolution',
  'responseModalities',
]);

const make = async (wish: ImageWish, url: string, wire: Wire) => {
  const { imageConfig, generationConfig, ...members } = typedMembers(wish.others, ['seed', 'temperature']);
  const own = Object.entries(members);
  const json = {
    contents: [
      {
        role: 'user',
        parts: [
          ...(await Promise.all(
            wish.images.map(async (image) => ({ inlineData: { mimeType: image.type || 'image/png', data: await base64Of(image) } })),
          )),
          ...(wish.prompt === '' ? [] : [{ text: wish.prompt }]),
        ],
      },
    ],
    generationConfig: compact({
      responseModalities: ['TEXT', 'IMAGE'],
      imageConfig: imageConfigOf(wish, asObject(imageConfig), wire),
      ...asObject(generationConfig),
      ...Object.fromEntries(own.filter(([name]) => settings.has(name))),
    }),
    ...Object.fromEntries(own.filter(([name]) => !settings.has(name))),
  };
  // More than one candidate is refused for images.
  const answers = await repeat(wish.n, () => wire.json({ url, json }));
  const usage = summed(answers.map(usageOf));
  return imagesResult(
    answers.flatMap((answer) => read(answer, wire)),
    { wish, usage },
    wire,
  );
};

const imageConfigOf = (wish: ImageWish, own: JsonObject | undefined, wire: Wire): JsonObject | undefined => {
  const config = compact({ aspectRatio: shapeOf(wish.size, geminiShapes, wire), imageSize: resolutionOf(wish, wire.model), ...own });
  return Object.keys(config).length > 0 ? config : undefined;
};

const usageOf = (answer: JsonObject): Usage | undefined => {
  const [candidate] = asObjects(answer['candidates']);
  return usageFromWire(answer['usageMetadata'], candidate ? searchesOf(candidate) : 0);
};

/** Reasons of an end that mean that the content was judged (ai.google.dev/api/generate-content, `FinishReason`). */
const judged = /SAFETY|RECITATION|PROHIBITED|BLOCKLIST|SPII/;

/** Thoughts may hold drafts, which are not what was asked for. */
const read = (answer: JsonObject, wire: Wire): MadeImage[] => {
  const candidates = asObjects(answer['candidates']);
  const parts = candidates.flatMap((candidate) => asObjects(asObject(candidate['content'])?.['parts']));
  const images = parts.flatMap((part): MadeImage[] => {
    const base64 = part['thought'] === true ? undefined : asString(asObject(part['inlineData'])?.['data']);
    const signature = asString(part['thoughtSignature']);
    return base64 === undefined ? [] : [{ base64, ...(signature !== undefined && { more: { thought_signature: signature } }) }];
  });
  if (images.length > 0) return images;
  const blocked = asString(asObject(answer['promptFeedback'])?.['blockReason']);
  const finish = asString(candidates[0]?.['finishReason']);
  const words = parts
    .map(({ text }) => asString(text) ?? '')
    .join('')
    .trim();
  const reason = blocked ?? finish;
  if (reason !== undefined && (blocked !== undefined || judged.test(reason))) {
    const message = asString(candidates[0]?.['finishMessage']) ?? (words === '' ? `Google made no image: ${reason}.` : words);
    throw jobFailed(wire, message, { code: reason }, 'content_policy_violation');
  }
  // A model that answers in words says why.
  throw words === ''
    ? noAnswer(wire, 'an image', asArray(answer['candidates']))
    : jobFailed(wire, words, reason === undefined ? {} : { code: reason });
};

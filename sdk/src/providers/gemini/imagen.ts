import { asObjects, asString, compact } from '../../protocols/shared/read.ts';
import type { ImageEditRequest, ImageGenerationRequest, JsonObject, Wire } from '../../types/index.ts';
import { base64Of, imagesResult, type MadeImage } from '../images/result.ts';
import { shapeOf } from '../images/size.ts';
import { noteMask, readWish, type ImageWish } from '../images/wish.ts';
import { jobFailed, noAnswer } from '../media/failure.ts';
import { typedMembers } from '../media/members.ts';

/* Sources, read 2026-11-22: ai.google.dev/gemini-api/docs/imagen, docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/imagen-api{,-edit}. */

const shapes = ['1:1', '3:4', '4:3', '9:16', '16:9'] as const;
const numeric = ['seed', 'guidanceScale', 'compressionQuality'];

const mediaTypes: Readonly<Record<string, string>> = { png: 'image/png', jpeg: 'image/jpeg' };

const parametersOf = (wish: ImageWish, wire: Wire): JsonObject => {
  const mimeType = wish.outputFormat === undefined ? undefined : mediaTypes[wish.outputFormat];
  if (wish.outputFormat !== undefined && mimeType === undefined) wire.lacks('output_format', 'Imagen makes png and jpeg');
  const output = compact({ mimeType, compressionQuality: wish.outputCompression });
  return compact({
    sampleCount: wish.n,
    aspectRatio: shapeOf(wish.size, shapes, wire),
    outputOptions: Object.keys(output).length > 0 ? output : undefined,
    ...typedMembers(wish.others, numeric),
  });
};

export const imagenGeneration = async (request: ImageGenerationRequest, wire: Wire, url: string) => {
  const wish = readWish(request, wire, ['output_format', 'output_compression']);
  const json = { instances: [{ prompt: wish.prompt }], parameters: parametersOf(wish, wire) };
  return imagesResult(read(await wire.json({ url, json }), wire), { wish }, wire);
};

/** How far a mask reaches over its edge, as Google's samples have it. */
const maskDilation = 0.03;

export const imagenEdit = async (request: ImageEditRequest, wire: Wire, url: string) => {
  const wish = readWish(request, wire, ['output_format', 'output_compression']);
  noteMask(wish, 'white', wire);
  const references: JsonObject[] = await Promise.all(
    wish.images.map(async (image, at) => ({
      referenceType: 'REFERENCE_TYPE_RAW',
      referenceId: at + 1,
      referenceImage: { bytesBase64Encoded: await base64Of(image) },
    })),
  );
  if (wish.mask) {
    references.push({
      referenceType: 'REFERENCE_TYPE_MASK',
      referenceId: references.length + 1,
      referenceImage: { bytesBase64Encoded: await base64Of(wish.mask) },
      maskImageConfig: { maskMode: 'MASK_MODE_USER_PROVIDED', dilation: maskDilation },
    });
  }
  const parameters = { editMode: wish.mask ? 'EDIT_MODE_INPAINT_INSERTION' : 'EDIT_MODE_DEFAULT', ...parametersOf(wish, wire) };
  const json = { instances: [{ prompt: wish.prompt, referenceImages: references }], parameters };
  return imagesResult(read(await wire.json({ url, json }), wire), { wish }, wire);
};

/** What is withheld is left out of the list, with the reason or without. */
const read = (answer: JsonObject, wire: Wire): MadeImage[] => {
  const predictions = asObjects(answer['predictions']);
  const images = predictions.flatMap(({ bytesBase64Encoded, prompt }): MadeImage[] => {
    const [base64, revised] = [asString(bytesBase64Encoded), asString(prompt)];
    return base64 === undefined ? [] : [{ base64, ...(revised !== undefined && { more: { revised_prompt: revised } }) }];
  });
  if (images.length > 0) return images;
  const reason = predictions.map(({ raiFilteredReason }) => asString(raiFilteredReason)).find((each) => each !== undefined);
  if (reason !== undefined) throw jobFailed(wire, reason, {}, 'content_policy_violation');
  throw noAnswer(wire, 'an image', answer);
};

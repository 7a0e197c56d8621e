import type { Adapter, ImageGenerationRequest, ImagesResult, JsonObject, MediaFile, Wire } from '../../types/index.ts';
import { blobToBase64 } from '../../lib/byte-text.ts';
import { unitsUsage } from '../media/bytes.ts';
import { otherMembers } from '../media/members.ts';
import { begin, finish, ratioOfSize } from './task.ts';
import { dataUrl } from './video.ts';

const named = ['model', 'prompt', 'n', 'size', 'response_format', 'user', 'stream', 'image', 'mask', 'quality', 'background', 'style'];

/** What OpenAI's models alone can be told. */
const foreign = ['style', 'output_format', 'output_compression', 'moderation', 'partial_images', 'input_fidelity'];

export const imageGeneration: Adapter<'image-generation'> = (request, wire) => make(request, [], wire);

/** The images are what the new one refers to. */
export const imageEdit: Adapter<'image-edit'> = ({ image, mask, prompt = '', ...rest }, wire) => {
  if (mask) wire.lacks('mask');
  return make({ ...rest, prompt } as ImageGenerationRequest, image, wire);
};

const make = async (request: ImageGenerationRequest, images: readonly MediaFile[], wire: Wire): Promise<ImagesResult> => {
  const { prompt, n, size, response_format: form, quality, background } = request;
  for (const name of foreign) if (request[name] !== undefined && request[name] !== null) wire.lacks(name);
  // OpenAI's models alone have a number, a quality and a background.
  const isOpenai = wire.model.startsWith('gpt');
  const others = otherMembers(request, [...named, ...foreign]);
  if (!isOpenai) {
    if (quality !== undefined && quality !== 'auto') wire.lacks('quality');
    if (background !== undefined && background !== 'auto') wire.lacks('background');
  }
  if (n !== undefined && n !== 1 && !/^(?:gpt|gemini)/.test(wire.model)) wire.lacks('n');
  const ratio = ratioOfSize(size) ?? (isOpenai ? 'auto' : '1024:1024');
  const json: JsonObject = {
    model: wire.model,
    promptText: prompt,
    ratio,
    ...(n !== undefined && n !== 1 && { outputCount: n }),
    ...(isOpenai && { ...(quality !== undefined && { quality }), ...(background !== undefined && { background }) }),
    ...(images.length > 0 && {
      referenceImages: await Promise.all(images.map(async (image) => ({ uri: await dataUrl(image, 'image/png') }))),
    }),
    ...others,
  };
  const links = await finish(await begin('/v1/text_to_image', json, wire), wire);
  const data = form === 'b64_json' ? await Promise.all(links.map((url) => fetched(url, wire))) : links.map((url) => ({ url }));
  const usage = unitsUsage({ images: links.length, ...(ratio !== 'auto' && { imageSize: ratio.replace(':', 'x') }) });
  return { body: { data }, usage };
};

const fetched = async (url: string, wire: Wire): Promise<{ b64_json: string }> => ({
  b64_json: await blobToBase64((await wire.file({ url })).bytes),
});

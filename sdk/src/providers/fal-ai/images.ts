import { asObject, asObjects, asString, compact } from '../../protocols/shared/read.ts';
import { SluiceError, type Adapter, type JsonObject, type Wire } from '../../types/index.ts';
import { dataUrlOf, imagesResult, type MadeImage } from '../images/result.ts';
import { shapeOf } from '../images/size.ts';
import { noMask, oneImage, readWish, type ImageTrait, type ImageWish } from '../images/wish.ts';
import { jobFailed, noAnswer } from '../media/failure.ts';
import { typedMembers } from '../media/members.ts';

/*
 * Each model of fal has members of its own; most share these (fal.ai/models, the pages of the models that are named
 * below, and the Python package litellm 1.109.1, read 2026-11-22).
 */

const cdn = ['fal.media', '*.fal.media', 'storage.googleapis.com'];

/** Models that know shapes and no pixels. */
const shaped = /nano-banana|gemini|imagen|kontext|v1\.1-ultra|bria|reve|grok-imagine/;
const shapes: readonly (readonly [RegExp, readonly string[]])[] = [
  [/imagen/, ['1:1', '16:9', '9:16', '4:3', '3:4']],
  [/./, ['21:9', '16:9', '3:2', '4:3', '5:4', '1:1', '4:5', '3:4', '2:3', '9:16']],
];

/** Models of OpenAI's, which know its own members. */
const isGptImage = (model: string): boolean => model.includes('gpt-image');

/** Models whose addresses make of an image what they are for; others have one behind `/edit`. */
const takesImage = /edit|kontext|image-to-image|inpaint|fill|redux|remix|reframe|replace-background|upscale|remove|depth|canny|erase/;
/** Models that take one image, under another name. */
const takesOne = /kontext(?!.*multi)|image-to-image|inpaint|fill|redux|ideogram|upscale|remove|depth|canny|erase/;

const numeric = ['seed', 'num_inference_steps', 'guidance_scale', 'strength', 'num_images', 'safety_tolerance'];

/** LiteLLM's users leave the maker out of some names. */
const fullName = (model: string): string => (model.includes('/') ? model : isGptImage(model) ? `openai/${model}` : `fal-ai/${model}`);

/** @throws SluiceError `invalid_request` for a name that would lead elsewhere */
const pathOf = (model: string): string => {
  const parts = model.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..'))
    throw new SluiceError('invalid_request', `'${model}' cannot be a model's name here.`, { param: 'model' });
  return `/${parts.map((part) => encodeURIComponent(part.toWellFormed())).join('/')}`;
};

const traitsOf = (model: string): ImageTrait[] => (isGptImage(model) ? ['output_format', 'quality', 'background'] : ['output_format']);

export const falGeneration: Adapter<'image-generation'> = async (request, wire) => {
  const model = fullName(wire.model);
  const wish = readWish(request, wire, traitsOf(model));
  return make(wish, model, {}, wire);
};

/** Images go as URLs that hold them. */
export const falEdit: Adapter<'image-edit'> = async (request, wire) => {
  const named = fullName(wire.model);
  const model = takesImage.test(named) ? named : `${named}/edit`;
  const wish = readWish(request, wire, traitsOf(model));
  const one = takesOne.test(model);
  if (!/inpaint|fill|gpt-image|erase|ideogram/.test(model)) noMask(wish, wire);
  const masked = wish.mask !== undefined && /inpaint|fill|gpt-image|erase|ideogram/.test(model);
  const images = one ? { image_url: await dataUrlOf(oneImage(wish, wire)) } : { image_urls: await Promise.all(wish.images.map(dataUrlOf)) };
  return make(wish, model, { ...images, ...(masked && { mask_url: await dataUrlOf(wish.mask!) }) }, wire);
};

const make = async (wish: ImageWish, model: string, images: JsonObject, wire: Wire) => {
  const json = compact({
    prompt: wish.prompt,
    ...images,
    ...sizeMembers(wish, model, wire),
    num_images: wish.n,
    output_format: wish.outputFormat,
    // DALL-E's word for the best.
    quality: wish.quality === 'hd' ? 'high' : wish.quality,
    background: wish.background,
    ...typedMembers(wish.others, numeric),
  });
  const answer = await wire.json({ url: pathOf(model), json });
  return imagesResult(read(answer, wire), { wish, cdn }, wire);
};

const sizeMembers = ({ size }: ImageWish, model: string, wire: Wire): JsonObject => {
  if (!size) return {};
  if (!shaped.test(model)) return { image_size: { width: size.width, height: size.height } };
  return { aspect_ratio: shapeOf(size, shapes.find(([models]) => models.test(model))![1], wire) };
};

const read = (answer: JsonObject, wire: Wire): MadeImage[] => {
  const list = Array.isArray(answer['images']) ? answer['images'] : [answer['image']];
  const made = list.flatMap((image): MadeImage[] => {
    const { url, b64_json, file_data, file_name, file_size, ...more } = asObject(image) ?? {};
    const link = asString(image) ?? asString(url);
    const base64 = asString(b64_json);
    return link === undefined && base64 === undefined
      ? []
      : [{ ...(link !== undefined && { url: link }), ...(base64 !== undefined && { base64 }), more: compact(more) }];
  });
  if (made.length === 0) {
    const [detail] = asObjects(answer['detail']);
    const words = asString(answer['error']) ?? asString(answer['detail']) ?? asString(detail?.['msg']);
    throw words === undefined ? noAnswer(wire, 'an image', answer) : jobFailed(wire, words, { body: answer });
  }
  const blocked = Array.isArray(answer['has_nsfw_concepts']) && answer['has_nsfw_concepts'].every((each) => each === true);
  if (blocked) wire.drop('image', 'the checker for content of fal blackened it');
  return made;
};

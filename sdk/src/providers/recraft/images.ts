import { asObjects, asString } from '../../protocols/shared/read.ts';
import type { Adapter, FormField, JsonObject, MediaFile, Wire } from '../../types/index.ts';
import { imagesResult, type MadeImage } from '../images/result.ts';
import { sizeText } from '../images/size.ts';
import { oneImage, readWish, type ImageWish } from '../images/wish.ts';
import { noAnswer } from '../media/failure.ts';
import { memberText } from '../media/members.ts';

const cdn = ['recraft.ai', '*.recraft.ai'];

/** How far the new image may be from the old one: it must be said, and this is LiteLLM's. */
const defaultStrength = 0.2;

/** With a mask a part of the image is painted anew, else all of it. */
export const recraftEdit: Adapter<'image-edit'> = async (request, wire) => {
  const wish = readWish(request, wire, ['style']);
  if (wish.size) wire.lacks('size', 'the image keeps its size');
  const image = oneImage(wish, wire);
  const members = { model: wire.model, prompt: wish.prompt, n: wish.n, style: wish.style, response_format: wish.responseFormat };
  return wish.mask
    ? make('/images/inpaint', { image, mask: wish.mask, ...members, ...wish.others }, wish, wire)
    : make('/images/imageToImage', { image, ...members, strength: defaultStrength, ...wish.others }, wish, wire);
};

export const recraftVariation: Adapter<'image-variation'> = async (request, wire) => {
  const wish = readWish(request, wire);
  const size = wish.size && sizeText(wish.size);
  return make(
    '/images/variateImage',
    { image: oneImage(wish, wire), size, n: wish.n, response_format: wish.responseFormat, ...wish.others },
    wish,
    wire,
  );
};

const make = async (url: string, members: JsonObject, wish: ImageWish, wire: Wire) => {
  const form = Object.entries(members).flatMap(([name, value]): FormField[] => {
    if (value === undefined || value === '') return [];
    return [[name, name === 'image' || name === 'mask' ? (value as MediaFile) : memberText(value)]];
  });
  const answer = await wire.json({ url, form });
  if (!Array.isArray(answer['data'])) throw noAnswer(wire, 'an image', answer);
  const made = asObjects(answer['data']).map(({ url: link, b64_json, ...more }): MadeImage => {
    const [address, base64] = [asString(link), asString(b64_json)];
    return { ...(address !== undefined && { url: address }), ...(base64 !== undefined && { base64 }), more };
  });
  return imagesResult(made, { wish, cdn }, wire);
};

import { asArray, asString, compact } from '../../protocols/shared/read.ts';
import { SluiceError, type Adapter, type JsonObject, type Wire } from '../../types/index.ts';
import { base64Of, imagesResult, repeat, type MadeImage } from '../images/result.ts';
import { shapeOf } from '../images/size.ts';
import { oneImage, readWish, type ImageWish } from '../images/wish.ts';
import { jobFailed, noAnswer } from '../media/failure.ts';
import { typedMembers } from '../media/members.ts';
import { stabilityShapes } from '../stability/images.ts';
import { serviceOf } from '../stability/services.ts';
import { invokePath } from './image-amazon.ts';

/*
 * Stability AI's models and services by Bedrock: their own members as JSON, one image a call. Sources, read 2026-11-22:
 * docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-stability-diffusion.html, .../stable-image-services.html.
 */

const numeric = [
  'seed',
  'strength',
  'left',
  'right',
  'up',
  'down',
  'creativity',
  'control_strength',
  'grow_mask',
  'fidelity',
  'style_strength',
  'composition_fidelity',
  'change_strength',
];

export const stabilityGeneration: Adapter<'image-generation'> = async (request, wire) => {
  const wish = readWish(request, wire, ['output_format']);
  const shape = shapeOf(wish.size, stabilityShapes, wire);
  return send(wish, { prompt: wish.prompt, aspect_ratio: shape, output_format: wish.outputFormat, ...wish.others }, wire);
};

export const stabilityEdit: Adapter<'image-edit'> = async (request, wire) => {
  const wish = readWish(request, wire, ['output_format']);
  const service = serviceOf(wire.model);
  const shape = service?.shape ? shapeOf(wish.size, stabilityShapes, wire) : undefined;
  if (wish.size && !service?.shape) wire.lacks('size', 'the image keeps its size');
  if (wish.mask && !service?.mask) wire.lacks('mask', `${wire.model} takes no mask`);
  const members = {
    ...(wish.prompt !== '' && { prompt: wish.prompt }),
    ...(await imagesOf(wish, service?.images === 2, wire)),
    ...(!service && { mode: 'image-to-image' }),
    mask: service?.mask && wish.mask ? await base64Of(wish.mask) : undefined,
    aspect_ratio: shape,
    output_format: wish.outputFormat,
    ...typedMembers(wish.others, numeric),
  };
  return send(wish, members, wire);
};

const imagesOf = async (wish: ImageWish, two: boolean, wire: Wire): Promise<JsonObject> => {
  if (!two) return { image: await base64Of(oneImage(wish, wire)) };
  const [init, style] = wish.images;
  if (!init || !style)
    throw new SluiceError('invalid_request', `${wire.model} takes two images: the one that is changed, and the one whose style it gets.`, {
      param: 'image',
    });
  return { init_image: await base64Of(init), style_image: await base64Of(style) };
};

const send = async (wish: ImageWish, members: JsonObject, wire: Wire) => {
  const json = compact(members);
  const made = await repeat(wish.n, async () => read(await wire.json({ url: invokePath, json }), wire));
  return imagesResult(made, { wish }, wire);
};

const read = (answer: JsonObject, wire: Wire): MadeImage => {
  const reason = asArray(answer['finish_reasons']).find((each) => typeof each === 'string' && each !== '');
  if (reason !== undefined) throw jobFailed(wire, String(reason), { code: String(reason) }, 'content_policy_violation');
  const base64 = asString(asArray(answer['images'])[0]);
  if (base64 === undefined || base64 === '') throw noAnswer(wire, 'an image', answer);
  const [seed] = asArray(answer['seeds']);
  return { base64, ...(seed !== undefined && seed !== null && { more: { seed } }) };
};

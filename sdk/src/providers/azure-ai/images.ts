import { asNumber, asObject, asObjects, asString, compact } from '../../protocols/shared/read.ts';
import type { Adapter, FormField, ImageEditRequest, JsonObject, Usage, Wire } from '../../types/index.ts';
import { azureUrl } from '../azure/url.ts';
import { base64Of, imagesResult, repeat, summed, type MadeImage } from '../images/result.ts';
import { noMask, oneImage, readWish, type ImageTrait, type ImageWish } from '../images/wish.ts';
import { noAnswer } from '../media/failure.ts';
import { memberText, typedMembers } from '../media/members.ts';
import { placeOf } from './place.ts';

/*
 * Images of Foundry: FLUX.2 and MAI-Image at places of their makers, others as OpenAI's. Sources, read 2026-11-22:
 * learn.microsoft.com/azure/foundry/foundry-models/how-to/use-foundry-models-flux, .../use-foundry-models-mai, the Python
 * package litellm 1.109.1 (addresses, members).
 */

const plain = (model: string): string => model.toLowerCase().replaceAll(/[._]/g, '-');
const isFlux2 = (model: string): boolean => /flux-?2/.test(plain(model));
const isMai = (model: string): boolean => /mai-?image/.test(plain(model));

const everyTrait: readonly ImageTrait[] = [
  'quality',
  'style',
  'background',
  'output_format',
  'output_compression',
  'moderation',
  'input_fidelity',
];

export const imageGeneration: Adapter<'image-generation'> = async (request, wire) => {
  if (isFlux2(wire.model)) return flux2(readWish(request, wire, ['output_format']), wire);
  if (isMai(wire.model)) return mai(readWish(request, wire), wire);
  const wish = readWish(request, wire, everyTrait);
  const { stream: _stream, partial_images: _partial, ...members } = request;
  const url = azureUrl(wire.target, { protocol: 'openai-images', path: '/images/generations' });
  const answer = await wire.json({ url, json: { ...members, model: wire.model } });
  return imagesResult(read(answer, wire), { wish, usage: usageOf(answer) }, wire);
};

export const imageEdit: Adapter<'image-edit'> = async (request, wire) => {
  if (isFlux2(wire.model)) return flux2(readWish(request, wire, ['output_format']), wire);
  if (isMai(wire.model)) return maiEdit(readWish(request, wire), wire);
  const wish = readWish(request, wire, everyTrait);
  const url = azureUrl(wire.target, { protocol: 'openai-images', path: '/images/edits' });
  const answer = await wire.json({ url, form: openaiForm(request, wish, wire) });
  return imagesResult(read(answer, wire), { wish, usage: usageOf(answer) }, wire);
};

const openaiForm = (
  { image: _image, mask: _mask, stream: _stream, partial_images: _partial, ...members }: ImageEditRequest,
  wish: ImageWish,
  wire: Wire,
): FormField[] => [
  ...Object.entries({ ...members, model: wire.model }).flatMap(([name, value]): FormField[] =>
    value === undefined || value === null ? [] : [[name, memberText(value)]],
  ),
  ...wish.images.map((image): FormField => [wish.images.length > 1 ? 'image[]' : 'image', image]),
  ...(wish.mask ? [['mask', wish.mask] as const] : []),
];

/** The newest of Black Forest Labs: images to draw from stand in the same call. */
const flux2 = async (wish: ImageWish, wire: Wire) => {
  noMask(wish, wire);
  const flex = plain(wire.model).includes('flex');
  const most = flex ? 10 : 8;
  if (wish.images.length > most) wire.lacks('image', `${wire.model} takes ${most} images`);
  const texts = await Promise.all(wish.images.slice(0, most).map(base64Of));
  const json = compact({
    model: wire.model,
    prompt: wish.prompt,
    ...Object.fromEntries(texts.map((text, at) => [at === 0 ? 'input_image' : `input_image_${at + 1}`, text])),
    width: wish.size?.width,
    height: wish.size?.height,
    num_images: wish.n > 1 ? wish.n : undefined,
    output_format: wish.outputFormat,
    ...typedMembers(wish.others, ['seed', 'steps', 'guidance', 'safety_tolerance', 'width', 'height']),
  });
  const url = placeOf(wire.target, `/providers/blackforestlabs/v1/flux-2-${flex ? 'flex' : 'pro'}`, 'preview');
  const answer = await wire.json({ url, json });
  return imagesResult(read(answer, wire), { wish, usage: usageOf(answer) }, wire);
};

/** One image a call, whose size must be said. */
const mai = async (wish: ImageWish, wire: Wire) => {
  const { width, height } = wish.size ?? { width: 1024, height: 1024 };
  const json = { model: wire.model, prompt: wish.prompt, width, height, ...wish.others };
  const url = placeOf(wire.target, '/mai/v1/images/generations', 'preview');
  const answers = await repeat(wish.n, () => wire.json({ url, json }));
  return ofAll(answers, wish, wire);
};

const maiEdit = async (wish: ImageWish, wire: Wire) => {
  noMask(wish, wire);
  if (wish.size) wire.lacks('size', 'the image keeps its size');
  const form: FormField[] = [
    ['model', wire.model],
    ['prompt', wish.prompt],
    ['image', oneImage(wish, wire)],
    ...Object.entries(wish.others).map(([name, value]): FormField => [name, memberText(value)]),
  ];
  const url = placeOf(wire.target, '/mai/v1/images/edits', 'preview');
  return ofAll(await repeat(wish.n, () => wire.json({ url, form })), wish, wire);
};

const ofAll = (answers: readonly JsonObject[], wish: ImageWish, wire: Wire) =>
  imagesResult(
    answers.flatMap((answer) => read(answer, wire)),
    { wish, usage: summed(answers.map(usageOf)) },
    wire,
  );

const read = (answer: JsonObject, wire: Wire): MadeImage[] => {
  if (!Array.isArray(answer['data'])) throw noAnswer(wire, 'an image', answer);
  return asObjects(answer['data']).map(({ url, b64_json, ...more }): MadeImage => {
    const [link, base64] = [asString(url), asString(b64_json)];
    return { ...(link !== undefined && { url: link }), ...(base64 !== undefined && { base64 }), more: compact(more) };
  });
};

/** OpenAI's counts for images, and MAI's names for them. */
const usageOf = (answer: JsonObject): Usage | undefined => {
  const raw = asObject(answer['usage']);
  if (!raw) return undefined;
  const details = asObject(raw['input_tokens_details']) ?? {};
  const image = asNumber(raw['num_input_image_tokens']) ?? asNumber(details['image_tokens']) ?? 0;
  const input = asNumber(raw['input_tokens']) ?? (asNumber(raw['num_input_text_tokens']) ?? 0) + image;
  const output = asNumber(raw['output_tokens']) ?? asNumber(raw['num_output_tokens']) ?? asNumber(raw['output_image_tokens']);
  if (output === undefined) return undefined;
  return {
    inputTokens: Math.max(0, input - image),
    ...(image > 0 && { inputImageTokens: image }),
    outputTokens: 0,
    outputImageTokens: output,
    raw,
  };
};

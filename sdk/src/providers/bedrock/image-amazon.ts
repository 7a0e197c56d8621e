import { asArray, asObject, asString, compact } from '../../protocols/shared/read.ts';
import { SluiceError, type Adapter, type JsonObject, type Wire } from '../../types/index.ts';
import { base64Of, imagesResult } from '../images/result.ts';
import { noteMask, oneImage, readWish, type ImageWish } from '../images/wish.ts';
import { jobFailed, noAnswer } from '../media/failure.ts';
import { typedMembers } from '../media/members.ts';

/*
 * Titan Image Generator and Nova Canvas: one format. Sources, read 2026-11-22: docs.aws.amazon.com/bedrock/latest/userguide/
 * model-parameters-titan-image.html, docs.aws.amazon.com/nova/latest/userguide/image-gen-access.html.
 */

export const invokePath = '/model/{model}/invoke';

/** Members of `imageGenerationConfig`; the others that users give are of the task. */
const settings: ReadonlySet<string> = new Set(['cfgScale', 'seed', 'width', 'height', 'numberOfImages']);
const numeric = ['cfgScale', 'seed', 'similarityStrength', 'controlStrength'];

/** Where each task keeps what it is about. */
const paramsOf: Readonly<Record<string, string>> = {
  TEXT_IMAGE: 'textToImageParams',
  COLOR_GUIDED_GENERATION: 'colorGuidedGenerationParams',
  INPAINTING: 'inPaintingParams',
  OUTPAINTING: 'outPaintingParams',
  IMAGE_VARIATION: 'imageVariationParams',
  BACKGROUND_REMOVAL: 'backgroundRemovalParams',
};

/** OpenAI's words for the better of the two qualities. */
const premium: ReadonlySet<string> = new Set(['hd', 'high', 'premium']);

const bodyOf = (wish: ImageWish, task: string, about: JsonObject): JsonObject => {
  const { imageGenerationConfig, taskType: _task, ...members } = typedMembers(wish.others, numeric);
  const params = paramsOf[task];
  if (params === undefined) {
    const known = Object.keys(paramsOf).join(', ');
    throw new SluiceError('invalid_request', `'taskType' must be one of ${known}.`, { param: 'taskType' });
  }
  const own = Object.entries(members);
  const { [params]: given, ...rest } = Object.fromEntries(own.filter(([name]) => !settings.has(name)));
  const config = compact({
    numberOfImages: wish.n,
    width: wish.size?.width,
    height: wish.size?.height,
    quality: wish.quality === undefined ? undefined : premium.has(wish.quality) ? 'premium' : 'standard',
    ...asObject(imageGenerationConfig),
    ...Object.fromEntries(own.filter(([name]) => settings.has(name))),
  });
  return {
    taskType: task,
    [params]: compact({ ...about, ...rest, ...asObject(given) }),
    // A background is taken away in one way.
    ...(task !== 'BACKGROUND_REMOVAL' && { imageGenerationConfig: config }),
  };
};

const taskIn = (wish: ImageWish): string | undefined => asString(wish.others['taskType']);

export const amazonGeneration: Adapter<'image-generation'> = async (request, wire) => {
  const wish = readWish(request, wire, ['quality']);
  return send(wish, bodyOf(wish, taskIn(wish) ?? 'TEXT_IMAGE', { text: wish.prompt }), wire);
};

/** Without a mask the image is varied, as the prompt says. */
export const amazonEdit: Adapter<'image-edit'> = async (request, wire) => {
  const wish = readWish(request, wire, ['quality']);
  const masked = wish.mask !== undefined || wish.others['maskPrompt'] !== undefined;
  const task = taskIn(wish) ?? (masked ? 'INPAINTING' : 'IMAGE_VARIATION');
  const text = wish.prompt === '' ? undefined : wish.prompt;
  if (task === 'IMAGE_VARIATION') {
    if (wish.mask) wire.lacks('mask', 'a variation takes none');
    return send(wish, bodyOf(wish, task, { images: await Promise.all(wish.images.map(base64Of)), text }), wire);
  }
  const image = await base64Of(oneImage(wish, wire));
  if (task === 'BACKGROUND_REMOVAL') return send(wish, bodyOf(wish, task, { image }), wire);
  noteMask(wish, 'black', wire);
  return send(wish, bodyOf(wish, task, { image, text, maskImage: wish.mask && (await base64Of(wish.mask)) }), wire);
};

const send = async (wish: ImageWish, json: JsonObject, wire: Wire) => {
  const answer = await wire.json({ url: invokePath, json });
  const made = asArray(answer['images']).flatMap((image) => (typeof image === 'string' && image !== '' ? [{ base64: image }] : []));
  if (made.length > 0) return imagesResult(made, { wish }, wire);
  const words = asString(answer['error']) ?? asString(answer['message']);
  throw words === undefined ? noAnswer(wire, 'an image', answer) : jobFailed(wire, words, { body: answer }, 'content_policy_violation');
};

import { asNumber, asObject, asString, compact } from '../../protocols/shared/read.ts';
import { SluiceError, type Adapter, type ErrorCode, type JsonObject, type MediaFile, type Wire } from '../../types/index.ts';
import { base64Of, imagesResult, isHostOf, repeat, type MadeImage } from '../images/result.ts';
import { exactShape } from '../images/size.ts';
import { readWish, type ImageWish } from '../images/wish.ts';
import { jobFailed, noAnswer } from '../media/failure.ts';
import { typedMembers } from '../media/members.ts';
import { poll } from '../media/poll.ts';
import { pathSegment } from '../url.ts';
import { bflHosts } from './place.ts';

/** These know shapes (any between 21:9 and 9:21), the others pixels. */
const knowsShapes = (model: string): boolean => /kontext|ultra/.test(model);

/** These change a part of one image; the others take images to draw from. */
const changesPart = (model: string): boolean => /fill|expand|erase|canny|depth/.test(model);

const numeric = ['seed', 'steps', 'guidance', 'safety_tolerance', 'top', 'bottom', 'left', 'right', 'image_prompt_strength', 'grow_mask'];

export const bflGeneration: Adapter<'image-generation'> = async (request, wire) => {
  const wish = readWish(request, wire, ['output_format']);
  return make(wish, { prompt: wish.prompt, ...sizeOf(wish, wire), output_format: wish.outputFormat, ...wish.others }, wire);
};

export const bflEdit: Adapter<'image-edit'> = async (request, wire) => {
  const wish = readWish(request, wire, ['output_format']);
  const part = changesPart(wire.model);
  if (wish.mask && !part) wire.lacks('mask', `${wire.model} takes no mask`);
  if (part && wish.size) wire.lacks('size', 'the image keeps its size');
  const members = {
    prompt: wish.prompt === '' ? undefined : wish.prompt,
    ...(await imagesOf(wish.images, part, wire)),
    mask: part && wish.mask ? await base64Of(wish.mask) : undefined,
    ...(!part && sizeOf(wish, wire)),
    output_format: wish.outputFormat,
    ...typedMembers(wish.others, numeric),
  };
  return make(wish, members, wire);
};

/** `input_image`, `input_image_2`, ...; eight at most. */
const imagesOf = async (images: readonly MediaFile[], part: boolean, wire: Wire): Promise<JsonObject> => {
  const most = part ? 1 : 8;
  if (images.length > most) wire.lacks('image', `${wire.model} takes ${most === 1 ? 'one image' : 'eight images'}`);
  const texts = await Promise.all(images.slice(0, most).map(base64Of));
  if (part) return { image: texts[0] };
  return Object.fromEntries(texts.map((text, at) => [at === 0 ? 'input_image' : `input_image_${at + 1}`, text]));
};

const sizeOf = ({ size }: ImageWish, wire: Wire): JsonObject => {
  if (!size) return {};
  return knowsShapes(wire.model) ? { aspect_ratio: exactShape(size) } : { width: size.width, height: size.height };
};

const make = async (wish: ImageWish, members: JsonObject, wire: Wire) => {
  const json = compact(members);
  const credits: (number | undefined)[] = [];
  const made = await repeat(wish.n, async () => {
    const job = await wire.json({ url: `/v1/${pathSegment(wire.model)}`, json });
    credits.push(asNumber(job['cost']));
    return resultOf(job, wire);
  });
  const result = await imagesResult(made, { wish, cdn: bflHosts }, wire);
  const usd = usdOf(credits);
  return usd === undefined || !result.usage ? result : { ...result, usage: { ...result.usage, providerCostUsd: usd } };
};

/** What all jobs cost: each says its credits, a cent each (docs.bfl.ai/quick_start/pricing, read 2026-11-22). Undefined where one does not. */
const usdOf = (credits: readonly (number | undefined)[]): number | undefined => {
  const said = credits.filter((each) => each !== undefined);
  return said.length < credits.length ? undefined : said.reduce((sum, each) => sum + each, 0) / 100;
};

/** How jobs end that have no image (docs.bfl.ai/api-reference/get-result, read 2026-11-22). */
const failures: Readonly<Record<string, ErrorCode>> = {
  'Request Moderated': 'content_policy_violation',
  'Content Moderated': 'content_policy_violation',
  Error: 'unprocessable',
  Failed: 'unprocessable',
  'Task not found': 'not_found',
};

/** A job is to be looked at under the link of its answer, which belongs to the vendor or to the base URL. */
const linkOf = (answer: JsonObject, wire: Wire): string => {
  const link = asString(answer['polling_url']);
  if (link === undefined || !URL.canParse(link)) throw noAnswer(wire, 'a link to the job');
  const base = wire.target.baseUrl;
  if (isHostOf(link, bflHosts) || (base !== undefined && new URL(link).origin === new URL(base).origin)) return link;
  throw new SluiceError('invalid_response', 'The link to the job leads away from Black Forest Labs; it is not followed.');
};

const resultOf = async (answer: JsonObject, wire: Wire): Promise<MadeImage> => {
  const url = linkOf(answer, wire);
  const look = async (): Promise<MadeImage | undefined> => {
    const job = await wire.json({ url });
    const status = asString(job['status']) ?? '';
    const code = failures[status];
    if (code) throw jobFailed(wire, wordsOf(job, status), { code: status, body: job }, code);
    if (status !== 'Ready') return undefined;
    const result = asObject(job['result']) ?? {};
    const sample = asString(result['sample']);
    if (sample === undefined) throw noAnswer(wire, 'an image');
    return { url: sample, ...(result['seed'] !== undefined && { more: { seed: result['seed'] } }) };
  };
  return poll(wire, look, { firstWaitMs: 500, maxWaitMs: 3000 });
};

const wordsOf = (job: JsonObject, status: string): string => {
  const details = job['details'];
  const said = asString(details) ?? (asObject(details) ? JSON.stringify(details) : undefined);
  return said === undefined ? `Black Forest Labs says of the job: ${status}.` : `${status}: ${said}`;
};

import { asString } from '../../protocols/shared/read.ts';
import { SluiceError, type Adapter, type FormField, type JsonObject, type MediaFile, type Wire } from '../../types/index.ts';
import { imagesResult, repeat, type MadeImage } from '../images/result.ts';
import { shapeOf } from '../images/size.ts';
import { oneImage, readWish, type ImageWish } from '../images/wish.ts';
import { jobFailed, noAnswer } from '../media/failure.ts';
import { memberText } from '../media/members.ts';
import { poll } from '../media/poll.ts';
import { generationOf, serviceOf, type Service } from './services.ts';

/** https://platform.stability.ai/docs/api-reference, `aspect_ratio`, read 2026-11-22. */
export const stabilityShapes = ['16:9', '1:1', '21:9', '2:3', '3:2', '4:5', '5:4', '9:16', '9:21'] as const;

/** How much of an image that is drawn over may change, where nobody says: the vendor's clients must. */
const defaultStrength = 0.7;

const fieldsOf = (members: JsonObject): FormField[] =>
  Object.entries(members).flatMap(([name, value]): FormField[] =>
    value === undefined || value === null ? [] : [[name, isFile(value) ? value : memberText(value)]],
  );

const isFile = (value: unknown): value is MediaFile =>
  typeof value === 'object' && value !== null && (value as { bytes?: unknown }).bytes instanceof Blob;

export const stabilityGeneration: Adapter<'image-generation'> = async (request, wire) => {
  const wish = readWish(request, wire, ['output_format']);
  const { path, model } = generationOf(wire.model);
  const form = fieldsOf({
    prompt: wish.prompt,
    ...(model !== undefined && { model }),
    aspect_ratio: shapeOf(wish.size, stabilityShapes, wire),
    output_format: wish.outputFormat,
    ...wish.others,
  });
  return make(wish, { url: path, form }, wire);
};

/** Services that change an image, and models that draw over one. */
export const stabilityEdit: Adapter<'image-edit'> = async (request, wire) => {
  const wish = readWish(request, wire, ['output_format']);
  const service = serviceOf(wire.model);
  const image = service?.images === 2 ? undefined : oneImage(wish, wire);
  if (wish.mask && service?.mask !== true) wire.lacks('mask', `${wire.model} takes no mask`);
  const common = {
    prompt: wish.prompt === '' ? undefined : wish.prompt,
    output_format: wish.outputFormat,
    mask: service?.mask ? wish.mask : undefined,
  };
  if (!service) {
    const { path, model } = generationOf(wire.model);
    if (wish.size) wire.lacks('size', 'the image keeps its size');
    // Only the diffusion models are told apart by a mode; Ultra draws over whatever image comes.
    const drawing = { ...common, image, strength: defaultStrength, ...(model !== undefined && { model, mode: 'image-to-image' }) };
    return make(wish, { url: path, form: fieldsOf({ ...drawing, ...wish.others }) }, wire);
  }
  const shape = service.shape ? shapeOf(wish.size, stabilityShapes, wire) : undefined;
  if (wish.size && !service.shape) wire.lacks('size', 'the image keeps its size');
  const members = { ...common, ...(await filesOf(wish, service, wire)), aspect_ratio: shape, ...wish.others };
  return make(wish, { url: service.path, form: fieldsOf(members), later: service.later === true }, wire);
};

const filesOf = async (wish: ImageWish, service: Service, wire: Wire): Promise<JsonObject> => {
  if (service.images !== 2) return { [service.imageMember ?? 'image']: wish.images[0] };
  const [init, style] = wish.images;
  if (!init || !style || wish.images.length > 2)
    throw new SluiceError('invalid_request', `${wire.model} takes two images: the one that is changed, and the one whose style it gets.`, {
      param: 'image',
    });
  return { init_image: init, style_image: style };
};

interface Request {
  url: string;
  form: FormField[];
  /** The answer is the name of a job. */
  later?: boolean;
}

const make = async (wish: ImageWish, { url, form, later }: Request, wire: Wire) => {
  const made = await repeat(wish.n, async () => {
    const headers = { accept: 'application/json' };
    const answer = await wire.json({ url, form, headers });
    return read(later ? await resultOf(answer, wire) : answer, wire);
  });
  return imagesResult(made, { wish }, wire);
};

/** A job is looked at every ten seconds, as the vendor asks; 202 says that it goes on. */
const resultOf = (answer: JsonObject, wire: Wire): Promise<JsonObject> => {
  const id = asString(answer['id']);
  if (id === undefined) throw noAnswer(wire, 'the id of the job');
  const look = async (): Promise<JsonObject | undefined> => {
    const { json, status } = await wire.answer({
      url: `/v2beta/results/${encodeURIComponent(id)}`,
      headers: { accept: 'application/json' },
    });
    return status === 202 ? undefined : json['result'] === undefined ? json : { ...json, image: json['result'] };
  };
  return poll(wire, look, { firstWaitMs: 10_000, maxWaitMs: 10_000 });
};

const read = (answer: JsonObject, wire: Wire): MadeImage => {
  const reason = asString(answer['finish_reason']);
  if (reason === 'CONTENT_FILTERED')
    throw jobFailed(
      wire,
      'The image was withheld by the filter for content of Stability AI.',
      { code: reason },
      'content_policy_violation',
    );
  const base64 = asString(answer['image']);
  if (base64 === undefined || base64 === '') throw noAnswer(wire, 'an image');
  return { base64, ...(answer['seed'] !== undefined && { more: { seed: answer['seed'] } }) };
};

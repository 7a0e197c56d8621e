import {
  SluiceError,
  type ImageEditRequest,
  type ImageGenerationRequest,
  type JsonObject,
  type MediaFile,
  type Wire,
} from '../../types/index.ts';
import { otherMembers } from '../media/members.ts';
import type { ImageSize } from './size.ts';
import { sizeOf } from './size.ts';

/** Members of OpenAI's format that say how an image is to be, and that few others know. */
export type ImageTrait = 'quality' | 'style' | 'background' | 'output_format' | 'output_compression' | 'moderation' | 'input_fidelity';

/** A request for images, as vendors' requests are made of it. Values that leave the choice to the vendor (`auto`) are absent. */
export interface ImageWish {
  prompt: string;
  n: number;
  size?: ImageSize;
  quality?: string;
  style?: string;
  background?: string;
  /** `png`, `jpeg`, `webp`. */
  outputFormat?: string;
  /** Percent. */
  outputCompression?: number;
  /** Absent: as the vendor gives them. */
  responseFormat?: 'url' | 'b64_json';
  images: readonly MediaFile[];
  mask?: MediaFile;
  /** The vendor's own members. */
  others: JsonObject;
}

const traits: readonly ImageTrait[] = [
  'quality',
  'style',
  'background',
  'output_format',
  'output_compression',
  'moderation',
  'input_fidelity',
];

/** `stream` is honoured by the engine, which has the whole images. */
const named = ['model', 'prompt', 'n', 'size', 'response_format', 'user', 'stream', 'partial_images', 'image', 'mask', ...traits];

/** OpenAI gives ten at most. */
const maxImages = 10;

/** Values that ask for what there is anyway. */
const undecided: ReadonlySet<unknown> = new Set(['auto', 'standard', '', null, undefined]);

/**
 * @param takes which of OpenAI's members the vendor can be told; the others are refused by name where they ask for something
 * @throws SluiceError `invalid_request`, `unsupported_parameter`
 */
export const readWish = (
  request: ImageGenerationRequest | ImageEditRequest | { model: string; image: MediaFile },
  wire: Wire,
  takes: readonly ImageTrait[] = [],
): ImageWish => {
  const members = request as JsonObject;
  const asked = (name: string): unknown => (undecided.has(members[name]) ? undefined : members[name]);
  for (const trait of traits) if (asked(trait) !== undefined && !takes.includes(trait)) wire.lacks(trait);
  if (typeof members['partial_images'] === 'number' && members['partial_images'] > 0)
    wire.drop('partial_images', 'this vendor gives finished images alone');
  const taken = (trait: ImageTrait): string | undefined => {
    const value = takes.includes(trait) ? asked(trait) : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  const size = sizeOf(members['size']);
  const { response_format: format, mask, output_compression: compression } = members;
  const [quality, style, background, outputFormat] = [taken('quality'), taken('style'), taken('background'), taken('output_format')];
  return {
    prompt: typeof members['prompt'] === 'string' ? members['prompt'] : '',
    n: countOf(members['n']),
    images: imagesOf(members['image']),
    others: otherMembers(request, named),
    ...(size && { size }),
    ...(quality !== undefined && { quality }),
    ...(style !== undefined && { style }),
    ...(background !== undefined && { background }),
    ...(outputFormat !== undefined && { outputFormat: outputFormat === 'jpg' ? 'jpeg' : outputFormat }),
    ...(takes.includes('output_compression') && typeof compression === 'number' && { outputCompression: compression }),
    ...((format === 'url' || format === 'b64_json') && { responseFormat: format }),
    ...(mask !== undefined && mask !== null && { mask: mask as MediaFile }),
  };
};

const imagesOf = (image: unknown): MediaFile[] =>
  image === undefined || image === null ? [] : ((Array.isArray(image) ? image : [image]) as MediaFile[]);

const countOf = (n: unknown): number => {
  if (n === undefined || n === null) return 1;
  if (typeof n === 'number' && Number.isInteger(n) && n >= 1 && n <= maxImages) return n;
  throw new SluiceError('invalid_request', `'n' must be a whole number from 1 to ${maxImages}.`, { param: 'n' });
};

/** The first image, for a vendor that takes one. What else came is not lost in silence. */
export const oneImage = ({ images }: ImageWish, wire: Wire): MediaFile => {
  const [image] = images;
  if (!image) throw new SluiceError('invalid_request', "'image' is missing.", { param: 'image' });
  if (images.length > 1) wire.lacks('image', 'this vendor takes one image');
  return image;
};

/** For a vendor that cannot be told by a mask what to change. */
export const noMask = ({ mask }: ImageWish, wire: Wire): void => {
  if (mask) wire.lacks('mask');
};

/** Masks mark in many ways what is to change (OpenAI: where it is transparent); no pixel is looked at here. */
export const noteMask = ({ mask }: ImageWish, marks: string, wire: Wire): void => {
  if (mask) wire.drop('mask', `it goes as it is, and this vendor changes what is ${marks}`);
};

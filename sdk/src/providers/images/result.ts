import { blobToBase64 } from '../../lib/byte-text.ts';
import { parseDataUrl, toDataUrl } from '../../protocols/shared/data-url.ts';
import type { ImagesResult, JsonObject, MediaFile, Usage, Wire } from '../../types/index.ts';
import { noAnswer } from '../media/failure.ts';
import { sizeText } from './size.ts';
import type { ImageWish } from './wish.ts';

/** An image that a vendor made. */
export interface MadeImage {
  /** Where it is; a data URL is read as what it holds. */
  url?: string;
  base64?: string;
  /** Members beside it in the answer (`revised_prompt`, `seed`). */
  more?: JsonObject;
}

export interface Making {
  wish: ImageWish;
  /** Hosts whose links are followed where the bytes were asked for; a leading `*.` stands for any subdomain. */
  cdn?: readonly string[];
  /** Tokens, where the vendor counts them. */
  usage?: Usage | undefined;
}

/**
 * Images in OpenAI's format, as the client asked for them where that can be done.
 * @throws SluiceError `invalid_response` where there is none
 */
export const imagesResult = async (made: readonly MadeImage[], { wish, cdn = [], usage }: Making, wire: Wire): Promise<ImagesResult> => {
  if (made.length === 0) throw noAnswer(wire, 'an image');
  const data = await Promise.all(made.map((image) => deliver(image, wish, cdn, wire)));
  if (wish.responseFormat === 'url' && data.some((image) => 'b64_json' in image))
    wire.drop('response_format', 'this vendor gives the images themselves and no links');
  return {
    body: {
      created: Math.floor(wire.now() / 1000),
      data,
      ...(usage && { usage: tokensOf(usage) }),
    },
    usage: {
      ...(usage ?? { inputTokens: 0, outputTokens: 0 }),
      units: {
        ...usage?.units,
        images: made.length,
        ...(wish.size && { imageSize: sizeText(wish.size) }),
        ...(wish.quality !== undefined && { imageQuality: wish.quality }),
      },
    },
  };
};

const deliver = async ({ url, base64, more }: MadeImage, { responseFormat }: ImageWish, cdn: readonly string[], wire: Wire) => {
  const inline = base64 ?? (url === undefined ? undefined : parseDataUrl(url)?.data);
  if (inline !== undefined) return { b64_json: inline, ...more };
  if (url === undefined) throw noAnswer(wire, 'an image');
  if (responseFormat !== 'b64_json') return { url, ...more };
  if (isHostOf(url, cdn)) return { b64_json: await blobToBase64((await wire.file({ url })).bytes), ...more };
  wire.drop('response_format', 'the image is a link to a host that is not known to be of this vendor');
  return { url, ...more };
};

/** Whether a link of an answer leads to a vendor's own place: others are not followed (FP-27 and what a server may reach). */
export const isHostOf = (url: string, hosts: readonly string[]): boolean => {
  if (!URL.canParse(url)) return false;
  const { protocol, host } = new URL(url);
  return protocol === 'https:' && hosts.some((own) => (own.startsWith('*.') ? host.endsWith(own.slice(1)) : host === own));
};

/** OpenAI's counts of a call for images (openai/openai-openapi, `ImageGenUsage`, read 2026-11-22). */
const tokensOf = (usage: Usage): JsonObject => {
  const image = usage.inputImageTokens ?? 0;
  const text = usage.inputTokens + (usage.cacheReadTokens ?? 0) + (usage.toolPromptTokens ?? 0);
  const output = usage.outputTokens + (usage.reasoningTokens ?? 0) + (usage.outputImageTokens ?? 0);
  return {
    input_tokens: text + image,
    input_tokens_details: { text_tokens: text, image_tokens: image },
    output_tokens: output,
    total_tokens: text + image + output,
  };
};

/** As many calls as images, for a vendor that makes one at a time. */
export const repeat = async <T>(n: number, make: (at: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: n }, (_, at) => make(at)));

/** The usage of several calls for one request. */
export const summed = (usages: readonly (Usage | undefined)[]): Usage | undefined => {
  const known = usages.filter((usage) => usage !== undefined);
  if (known.length <= 1) return known[0];
  const total: Record<string, number> = {};
  for (const usage of known) {
    for (const [name, value] of Object.entries(usage)) if (typeof value === 'number') total[name] = (total[name] ?? 0) + value;
  }
  return total as unknown as Usage;
};

export const base64Of = (file: MediaFile): Promise<string> => blobToBase64(file.bytes);

/** An image as a URL that holds it. */
export const dataUrlOf = async (file: MediaFile): Promise<string> =>
  toDataUrl({ mediaType: file.type || 'image/png', data: await base64Of(file) });

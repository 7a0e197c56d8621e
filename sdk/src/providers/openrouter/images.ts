import { openAiUsageOf } from '../../protocols/shared/openai-usage.ts';
import { asObject, asObjects, asString, compact } from '../../protocols/shared/read.ts';
import type { Adapter, JsonObject, Wire } from '../../types/index.ts';
import { dataUrlOf, imagesResult, repeat, summed, type MadeImage } from '../images/result.ts';
import { shapeOf } from '../images/size.ts';
import { noMask, readWish, type ImageWish } from '../images/wish.ts';
import { jobFailed, noAnswer } from '../media/failure.ts';
import { typedMembers } from '../media/members.ts';

/* Images are parts of answers of chat (openrouter.ai/docs/features/multimodal/image-generation, read 2026-11-22). */

const shapes = ['1:1', '2:3', '3:2', '3:4', '4:3', '4:5', '5:4', '9:16', '16:9', '21:9'] as const;

/** How fine, as models behind it know: 1024, 2048 and 4096 pixels. */
const sizes: Readonly<Record<string, string>> = { low: '1K', medium: '2K', high: '4K', hd: '4K' };

export const openrouterGeneration: Adapter<'image-generation'> = (request, wire) => make(readWish(request, wire, ['quality']), wire);

export const openrouterEdit: Adapter<'image-edit'> = (request, wire) => {
  const wish = readWish(request, wire, ['quality']);
  noMask(wish, wire);
  return make(wish, wire);
};

const make = async (wish: ImageWish, wire: Wire) => {
  const { image_config, ...others } = typedMembers(wish.others, ['seed', 'temperature']);
  const config = compact({
    aspect_ratio: shapeOf(wish.size, shapes, wire),
    image_size: sizeOf(wish, wire),
    ...asObject(image_config),
  });
  const images = await Promise.all(wish.images.map(async (image) => ({ type: 'image_url', image_url: { url: await dataUrlOf(image) } })));
  const json = {
    model: wire.model,
    messages: [{ role: 'user', content: images.length === 0 ? wish.prompt : [{ type: 'text', text: wish.prompt }, ...images] }],
    modalities: ['image', 'text'],
    ...(Object.keys(config).length > 0 && { image_config: config }),
    ...others,
  };
  const answers = await repeat(wish.n, () => wire.json({ url: '/chat/completions', json }));
  return imagesResult(
    answers.flatMap((answer) => read(answer, wire)),
    { wish, usage: summed(answers.map(openAiUsageOf)) },
    wire,
  );
};

const sizeOf = ({ quality }: ImageWish, wire: Wire): string | undefined => {
  if (quality === undefined) return undefined;
  const size = sizes[quality];
  if (size === undefined) wire.lacks('quality', `'${quality}' is none; ${Object.keys(sizes).join(', ')} are`);
  return size;
};

const read = (answer: JsonObject, wire: Wire): MadeImage[] => {
  const messages = asObjects(answer['choices']).map(({ message }) => asObject(message) ?? {});
  const made = messages.flatMap(({ images }) =>
    asObjects(images).flatMap((image): MadeImage[] => {
      const url = asString(asObject(image['image_url'])?.['url']);
      return url === undefined || url === '' ? [] : [{ url }];
    }),
  );
  if (made.length > 0) return made;
  const failure = asString(asObject(answer['error'])?.['message']);
  const words =
    failure ??
    messages
      .map(({ content, refusal }) => asString(refusal) ?? asString(content) ?? '')
      .join('')
      .trim();
  throw words === '' ? noAnswer(wire, 'an image', answer) : jobFailed(wire, words, { body: answer });
};

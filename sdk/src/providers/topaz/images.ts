import type { Adapter, FormField } from '../../types/index.ts';
import { base64Of, imagesResult, repeat } from '../images/result.ts';
import { oneImage, readWish } from '../images/wish.ts';
import { noAnswer } from '../media/failure.ts';
import { memberText } from '../media/members.ts';

/** The image itself comes back, sharper. */
export const topazVariation: Adapter<'image-variation'> = async (request, wire) => {
  const wish = readWish(request, wire, ['output_format']);
  const image = oneImage(wish, wire);
  const members = {
    model: wire.model,
    output_width: wish.size?.width,
    output_height: wish.size?.height,
    output_format: wish.outputFormat,
    ...wish.others,
  };
  const fields = Object.entries(members).flatMap(([name, value]): FormField[] => (value === undefined ? [] : [[name, memberText(value)]]));
  const made = await repeat(wish.n, async () => {
    const file = await wire.file({ url: '/image/v1/enhance', form: [['image', image], ...fields] });
    if (!file.type.startsWith('image/') || file.bytes.size === 0) throw noAnswer(wire, 'an image');
    return { base64: await base64Of(file) };
  });
  return imagesResult(made, { wish }, wire);
};

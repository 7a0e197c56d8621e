import { SluiceError, type Wire } from '../../types/index.ts';

/** In pixels. */
export interface ImageSize {
  width: number;
  height: number;
}

/** `1024x1024`; undefined where the choice is the vendor's. @throws SluiceError `invalid_request` */
export const sizeOf = (value: unknown): ImageSize | undefined => {
  if (value === undefined || value === null || value === '' || value === 'auto') return undefined;
  const [, width, height] = (typeof value === 'string' && /^([1-9]\d{0,4})[x*]([1-9]\d{0,4})$/i.exec(value.trim())) || [];
  if (width !== undefined && height !== undefined) return { width: Number(width), height: Number(height) };
  throw new SluiceError('invalid_request', "'size' must be two numbers of pixels, such as 1024x1024, or auto.", { param: 'size' });
};

const ratioOf = (shape: string): number => {
  const [width, height] = shape.split(':');
  return Number(width) / Number(height);
};

/** The shape that is nearest to a size, for a vendor that knows shapes alone. */
export const shapeOf = (size: ImageSize | undefined, shapes: readonly string[], wire: Wire): string | undefined => {
  if (!size) return undefined;
  const wanted = size.width / size.height;
  const distance = (shape: string): number => Math.abs(Math.log(ratioOf(shape) / wanted));
  const nearest = shapes.reduce((best, shape) => (distance(shape) < distance(best) ? shape : best));
  wire.drop('size', `this vendor knows shapes; ${nearest} stands for it`);
  return nearest;
};

/** A size's own shape in the smallest numbers: `7:4`. */
export const exactShape = ({ width, height }: ImageSize): string => {
  let [a, b] = [width, height];
  while (b > 0) [a, b] = [b, a % b];
  return `${width / a}:${height / a}`;
};

export const sizeText = ({ width, height }: ImageSize): string => `${width}x${height}`;

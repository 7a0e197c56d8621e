import { SluiceError, type Adapter } from '../../types/index.ts';
import { amazonEdit, amazonGeneration } from './image-amazon.ts';
import { stabilityEdit, stabilityGeneration } from './image-stability.ts';

/** Makers of images on Bedrock, by the names of their models, profiles and regions in front or not. */
const isAmazon = (model: string): boolean => /amazon\.(?:titan-image|nova-canvas)/.test(model);
const isStability = (model: string): boolean => /stability\.(?!stable-diffusion-xl)/.test(model);

const chosen =
  <K extends 'image-generation' | 'image-edit'>(amazon: Adapter<K>, stability: Adapter<K>): Adapter<K> =>
  async (request, wire) => {
    if (isAmazon(wire.model)) return amazon(request, wire);
    if (isStability(wire.model)) return stability(request, wire);
    throw new SluiceError(
      'invalid_request',
      `'${wire.model}' makes no images on Bedrock: Titan Image, Nova Canvas and Stability AI's models do.`,
      {
        param: 'model',
      },
    );
  };

export const bedrockImages = {
  'image-generation': chosen<'image-generation'>(amazonGeneration, stabilityGeneration),
  'image-edit': chosen<'image-edit'>(amazonEdit, stabilityEdit),
};

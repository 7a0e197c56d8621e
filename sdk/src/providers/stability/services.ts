import { SluiceError } from '../../types/index.ts';

/*
 * What Stability AI has an address for (platform.stability.ai/docs/api-reference, read 2026-11-22). Names are those of
 * LiteLLM's users: `stability/inpaint`, and those of Bedrock: `stability.stable-image-inpaint-v1:0`.
 */

export interface Service {
  path: string;
  mask?: boolean;
  /** It takes `aspect_ratio`. */
  shape?: boolean;
  images?: 2;
  imageMember?: string;
  /** Answers with a job. */
  later?: boolean;
}

const base = '/v2beta/stable-image';

/** The first whose words stand in the name: the longer before those that are part of them. */
const services: readonly (readonly [RegExp, Service])[] = [
  [/search-(?:and-)?replace/, { path: `${base}/edit/search-and-replace` }],
  [/search-(?:and-)?recolor/, { path: `${base}/edit/search-and-recolor` }],
  [/replace-background/, { path: `${base}/edit/replace-background-and-relight`, imageMember: 'subject_image', later: true }],
  [/remove-background/, { path: `${base}/edit/remove-background` }],
  [/erase/, { path: `${base}/edit/erase`, mask: true }],
  [/inpaint/, { path: `${base}/edit/inpaint`, mask: true }],
  [/outpaint/, { path: `${base}/edit/outpaint` }],
  [/style-transfer/, { path: `${base}/control/style-transfer`, images: 2 }],
  [/sketch/, { path: `${base}/control/sketch` }],
  [/structure/, { path: `${base}/control/structure` }],
  [/style/, { path: `${base}/control/style`, shape: true }],
  [/conservative/, { path: `${base}/upscale/conservative` }],
  [/creative/, { path: `${base}/upscale/creative`, later: true }],
  [/fast/, { path: `${base}/upscale/fast` }],
];

export const serviceOf = (model: string): Service | undefined => services.find(([words]) => words.test(model.toLowerCase()))?.[1];

/** Where a model makes images, and its name where the address has several. @throws SluiceError `not_found` */
export const generationOf = (name: string): { path: string; model?: string } => {
  const model = name.toLowerCase();
  if (model.includes('ultra')) return { path: `${base}/generate/ultra` };
  if (model.includes('core')) return { path: `${base}/generate/core` };
  if (model.startsWith('sd3')) {
    // The third version is gone; its names stand for what took its place (the vendor's own redirection, 2025-04-17).
    return { path: `${base}/generate/sd3`, model: model === 'sd3' ? 'sd3.5-large' : model.replace(/^sd3-/, 'sd3.5-') };
  }
  throw new SluiceError(
    'not_found',
    `Stability AI has no '${name}' for this: there are stable-image-ultra, stable-image-core, sd3.5-large, inpaint and others.`,
    {
      param: 'model',
    },
  );
};

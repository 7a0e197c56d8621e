import type { Origin } from '../../types/index.ts';

/** `[region.]vendor.model`: `us.anthropic.claude-sonnet-4-5-20250929-v1:0`, `openai.gpt-oss-120b-1:0`. */
const vendorOf = /^(?:[a-z]{2,6}(?:-[a-z]+)?\.)?([a-z][a-z0-9]*)\.[a-z]/;

/**
 * Whose model it is, by the name that Bedrock has for it: an id, an inference profile, or the ARN of either. Undefined
 * for names that do not say (application inference profiles, imported models).
 */
export const familyOf = (model: string): Origin | undefined => {
  const name = model.slice(model.lastIndexOf('/') + 1);
  const vendor = vendorOf.exec(name)?.[1];
  return vendor ?? (/claude/.test(name) ? 'anthropic' : /nova/.test(name) ? 'amazon' : undefined);
};

/** A model that is not known to be another vendor's is spoken to as to Claude, which most of them are. */
export const isClaude = (family: Origin | undefined): boolean => family === 'anthropic' || family === undefined;

/** Claude and Nova: the two that Bedrock has the most of the format for (cache points, a certain tool that must be called). */
export const isMain = (family: Origin | undefined): boolean => isClaude(family) || family === 'amazon';

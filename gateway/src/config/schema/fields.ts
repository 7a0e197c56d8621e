import { Secret } from 'sluice/kit';
import { z } from 'zod';

/** What every setting says of itself: the reference page and editors show it. */
export interface About {
  /** One sentence. */
  about: string;
  unit?: string;
  /** What holds when it is absent. */
  default?: string | number | boolean;
}

const describe = ({ about, unit, default: fallback }: About) => ({
  description: about,
  ...(unit !== undefined && { unit }),
  // Zod leaves `default` out of schemas that convert their input; json-schema.ts renames this one.
  ...(fallback !== undefined && { fallback }),
});

/** Numbers come as text from the environment, and quoted from careful people. */
const toNumber = (value: unknown): unknown =>
  typeof value === 'string' && /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(value) ? Number(value) : value;

/** Python's YAML also reads `yes`, `on` and their like as booleans, and the environment has text only. */
const toBoolean = (value: unknown): unknown => {
  if (value === 1 || value === 0) return value === 1;
  if (typeof value !== 'string') return value;
  if (/^(true|yes|on|y|1)$/i.test(value)) return true;
  return /^(false|no|off|n|0)$/i.test(value) ? false : value;
};

const toText = (value: unknown): unknown => (typeof value === 'number' ? String(value) : value);

/** Editors must let a reference to the environment stand where a number or boolean is wanted. */
const reference = '^os\\.environ/.+';

export const number = (about: About & { min?: number; max?: number; int?: boolean }) => {
  const { min, max, int } = about;
  let base = z.number();
  if (int) base = base.int();
  if (min !== undefined) base = base.min(min);
  if (max !== undefined) base = base.max(max);
  return z
    .preprocess(toNumber, base)
    .optional()
    .meta({ ...describe(about), type: [int ? 'integer' : 'number', 'string'], pattern: reference });
};

export const boolean = (about: About) =>
  z
    .preprocess(toBoolean, z.boolean())
    .optional()
    .meta({ ...describe(about), type: ['boolean', 'string'], pattern: `${reference}|^([Tt]rue|[Ff]alse|yes|no|on|off)$` });

export const text = (about: About) =>
  z
    .preprocess(toText, z.string())
    .optional()
    .meta({ ...describe(about), type: 'string' });

export const requiredText = (about: About) => z.preprocess(toText, z.string().min(1)).meta({ ...describe(about), type: 'string' });

export const secret = (about: About) =>
  z
    .preprocess(
      toText,
      z
        .string()
        .min(1)
        .transform((value) => new Secret(value)),
    )
    .optional()
    .meta({ ...describe(about), type: 'string' });

/** An address of a server, with its scheme. */
export const url = (about: About) =>
  z
    .string()
    .refine((value) => /^https?:\/\//i.test(value) && URL.canParse(value), {
      error: 'must be an address that begins with http:// or https://',
    })
    .optional()
    .meta({ ...describe(about), type: 'string' });

export const choice = <const T extends readonly [string, ...string[]]>(values: T, about: About) =>
  z.enum(values).optional().meta(describe(about));

export const texts = (about: About) =>
  z
    .array(z.preprocess(toText, z.string()))
    .optional()
    .meta({ ...describe(about), type: 'array', items: { type: 'string' } });

/** A mapping whose members are not ours to check. */
export const freeForm = (about: About) => z.record(z.string(), z.unknown()).optional().meta(describe(about));

/** Any value. */
export const anything = (about: About) => z.unknown().optional().meta(describe(about));

import { Secret } from 'sluice/kit';
import { z } from 'zod';
import { hasKeyInQuery } from '../address.ts';

/** What every setting says of itself: the reference page and editors show it. */
interface About {
  /** One sentence. */
  about: string;
  unit?: string;
  /** What holds when it is absent. */
  default?: string | number | boolean;
}

/**
 * What the fields say of themselves, as members of their JSON schema. Beside the fields and not in them: zod's own
 * `meta` copies every field, and a start with a file pays for each.
 */
export const descriptions = z.registry<Record<string, unknown>>();

/** A field with what it says of itself. `json` is what an editor is to know of its kind where zod cannot tell. */
export const describe = <T extends z.ZodType>(
  field: T,
  { about, unit, default: fallback }: About,
  json: Record<string, unknown> = {},
): T => {
  descriptions.add(field, {
    description: about,
    ...(unit !== undefined && { unit }),
    // Zod leaves `default` out of schemas that convert their input; json-schema.ts renames this one.
    ...(fallback !== undefined && { fallback }),
    ...json,
  });
  return field;
};

/** Makes one of each kind, however many fields are of it. */
export const shared = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => (made ??= make());
};

/** Numbers come as text from the environment, quoted from careful people, and as `80_000`, which Python's YAML reads. */
export const toNumber = (value: unknown): unknown =>
  typeof value === 'string' && /^\s*[-+]?(\d[\d_]*\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(value) ? Number(value.replaceAll('_', '')) : value;

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

const makeNumber = (min: number | undefined, max: number | undefined, int: boolean) => {
  let base = z.number();
  if (int) base = base.int();
  if (min !== undefined) base = base.min(min);
  if (max !== undefined) base = base.max(max);
  return z.preprocess(toNumber, base);
};
const numbers = new Map<string, ReturnType<typeof makeNumber>>();

export const number = ({ min, max, int = false, ...about }: About & { min?: number; max?: number; int?: boolean }) => {
  const key = `${min} ${max} ${int}`;
  const kind = numbers.get(key) ?? makeNumber(min, max, int);
  numbers.set(key, kind);
  return describe(kind.optional(), about, { type: [int ? 'integer' : 'number', 'string'], pattern: reference });
};

const aBoolean = shared(() => z.preprocess(toBoolean, z.boolean()));
export const boolean = (about: About) =>
  describe(aBoolean().optional(), about, { type: ['boolean', 'string'], pattern: `${reference}|^([Tt]rue|[Ff]alse|yes|no|on|off)$` });

const aText = shared(() => z.preprocess(toText, z.string()));
export const text = (about: About) => describe(aText().optional(), about, { type: 'string' });

export const requiredText = (about: About) => describe(z.preprocess(toText, z.string().min(1)), about, { type: 'string' });

/** An empty one is not given: people write `api_key: ""` for servers that want none. */
const toSecret = (value: unknown): unknown => (value === '' ? undefined : toText(value));

const aSecret = shared(() =>
  z.preprocess(
    toSecret,
    z
      .string()
      .transform((value) => new Secret(value))
      .optional(),
  ),
);
export const secret = (about: About) => describe(aSecret().optional(), about, { type: 'string' });

/** A secret that is JSON, and may be given as what it says. */
const aSecretJson = shared(() => z.preprocess((value) => (isMapping(value) ? JSON.stringify(value) : value), aSecret()));
export const secretJson = (about: About) => describe(aSecretJson().optional(), about, { type: ['string', 'object'] });

const isMapping = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);

const anUrl = shared(() =>
  z
    .string()
    .refine((value) => /^https?:\/\//i.test(value) && URL.canParse(value), {
      error: 'must be an address that begins with http:// or https://',
    })
    .refine((value) => !hasKeyInQuery(value), {
      error: 'holds a key in its query, where it would be seen: give it as `api_key`',
    }),
);
/** An address of a server, with its scheme. */
export const url = (about: About) => describe(anUrl().optional(), about, { type: 'string' });
export const requiredUrl = (about: About) => describe(anUrl(), about, { type: 'string' });

export const choice = <const T extends readonly [string, ...string[]]>(values: T, about: About) =>
  describe(z.enum(values).optional(), about);

const someTexts = shared(() => z.array(aText()));
export const texts = (about: About) => describe(someTexts().optional(), about, { type: 'array', items: { type: 'string' } });

const aMapping = shared(() => z.record(z.string(), z.unknown()));
/** A mapping whose members are not ours to check. */
export const freeForm = (about: About) => describe(aMapping().optional(), about);

const aValue = shared(() => z.unknown());
/** Any value. */
export const anything = (about: About) => describe(aValue().optional(), about);

import { SluiceError } from 'sluice/kit';
import { z } from 'zod';

export const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const groupSchema = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const listSchema = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

const text = (max: number) => z.string().max(max);

/** Entra says "True". */
const flag = z.preprocess(
  (value) => (typeof value === 'string' && /^(?:true|false)$/i.test(value) ? value.toLowerCase() === 'true' : value),
  z.boolean(),
);

const email = z.looseObject({ value: text(320), primary: flag.nullish(), type: text(64).nullish() });

/** What is kept of a user. Other attributes of SCIM, and extensions, may be there and are not kept. */
export const scimUser = z.looseObject({
  userName: text(256).min(1),
  externalId: text(256).nullish(),
  displayName: text(2000).nullish(),
  name: z.looseObject({ givenName: text(1000).nullish(), familyName: text(1000).nullish(), formatted: text(2000).nullish() }).nullish(),
  emails: z.array(email).max(20).nullish(),
  active: flag.nullish(),
});
export type ScimUser = z.output<typeof scimUser>;

const maxMembers = 10_000;

export const scimGroup = z.looseObject({
  displayName: text(2000).min(1),
  externalId: text(256).nullish(),
  members: z
    .array(z.looseObject({ value: text(256).min(1) }))
    .max(maxMembers)
    .nullish(),
});
export type ScimGroup = z.output<typeof scimGroup>;

export const patchBody = z.looseObject({
  Operations: z
    .array(
      z.looseObject({
        // Entra says "Replace".
        op: z.preprocess((value) => (typeof value === 'string' ? value.toLowerCase() : value), z.enum(['add', 'remove', 'replace'])),
        path: text(2000).nullish(),
        value: z.unknown().optional(),
      }),
    )
    .min(1)
    .max(1000),
});

const whole = (usual: number, min: number, max: number) =>
  z
    .preprocess(
      (value) => (typeof value === 'string' && /^-?\d{1,9}$/.test(value) ? Math.min(max, Math.max(min, Number(value))) : value),
      z.int(),
    )
    .default(usual);

/** How many of a list are given where nobody says. */
const usualCount = 100;
export const maxCount = 500;

export const listQuery = z.looseObject({
  startIndex: whole(1, 1, 1_000_000_000),
  count: whole(usualCount, 0, maxCount),
  filter: text(4096).optional(),
  attributes: text(4096).optional(),
  excludedAttributes: text(4096).optional(),
});
export type ListQuery = z.output<typeof listQuery>;

export const oneQuery = z.looseObject({ attributes: text(4096).optional(), excludedAttributes: text(4096).optional() });

/** What came out of a PATCH must be a resource again. @throws SluiceError `invalid_request` */
export const asResource = <T>(schema: z.ZodType<T>, value: unknown): T => {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new SluiceError('invalid_request', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not valid'}`, { type: 'invalidValue' });
};

/** Only the attributes that are asked for; `id` and `schemas` always. */
export const selected = (
  resource: Readonly<Record<string, unknown>>,
  { attributes, excludedAttributes }: z.output<typeof oneQuery>,
): object => {
  const names = (list: string): ReadonlySet<string> =>
    new Set(list.split(',').map((each) => (each.trim().split(':').at(-1) ?? '').split('.')[0]!.toLowerCase()));
  const always = new Set(['id', 'schemas']);
  const wanted = attributes ? names(attributes) : undefined;
  const unwanted = excludedAttributes ? names(excludedAttributes) : undefined;
  if (!wanted && !unwanted) return resource;
  return Object.fromEntries(
    Object.entries(resource).filter(([name]) => {
      const lower = name.toLowerCase();
      if (always.has(lower)) return true;
      return wanted ? wanted.has(lower) : !unwanted!.has(lower);
    }),
  );
};

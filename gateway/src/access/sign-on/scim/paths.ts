type Json = Readonly<Record<string, unknown>>;

/** Of SCIM's own schemas; an attribute may be named with them in front. */
const schemaPrefix = /^urn:ietf:params:scim:schemas:core:2\.0:(?:User|Group):/i;

export const withoutSchema = (path: string): string => path.replace(schemaPrefix, '');

/** An attribute's name as the resource spells it: names are the same in any case. */
export const ownName = (resource: Json, name: string): string | undefined => {
  const lower = name.toLowerCase();
  return Object.keys(resource).find((each) => each.toLowerCase() === lower);
};

/** The values at `name.givenName`; of several-valued attributes those of all of them. */
export const valuesAt = (resource: unknown, path: string): readonly unknown[] => {
  let found: readonly unknown[] = [resource];
  for (const part of withoutSchema(path).split('.'))
    found = found.flatMap((each) => {
      if (typeof each !== 'object' || each === null) return [];
      const name = ownName(each as Json, part);
      const value = name === undefined ? undefined : (each as Json)[name];
      return Array.isArray(value) ? (value as unknown[]) : value === undefined || value === null ? [] : [value];
    });
  return found;
};

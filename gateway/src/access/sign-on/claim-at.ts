/**
 * The value at a dot path. Names of claims may have dots themselves (`https://example.com/roles`, `kubernetes.io`): the
 * longest name that is there wins, at every step.
 */
export const claimAt = (claims: Readonly<Record<string, unknown>>, path: string): unknown => {
  if (Object.hasOwn(claims, path)) return claims[path];
  for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
    const name = path.slice(0, dot);
    const inner = Object.hasOwn(claims, name) ? claims[name] : undefined;
    if (typeof inner !== 'object' || inner === null) continue;
    const value = claimAt(inner as Readonly<Record<string, unknown>>, path.slice(dot + 1));
    if (value !== undefined) return value;
  }
  return undefined;
};

const maxTexts = 2000;

/** Texts of a claim that is a list, one text, or texts with commas between them. Undefined: there is no such claim. */
export const textsAt = (claims: Readonly<Record<string, unknown>>, path: string): readonly string[] | undefined => {
  const value = claimAt(claims, path);
  if (typeof value === 'string')
    return value
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '')
      .slice(0, maxTexts);
  if (Array.isArray(value)) return value.filter((each): each is string => typeof each === 'string').slice(0, maxTexts);
  return undefined;
};

export const textAt = (claims: Readonly<Record<string, unknown>>, path: string): string | undefined => {
  const value = claimAt(claims, path);
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
};

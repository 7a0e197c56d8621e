/** JSON with the members of every object in order, so that the same value has the same text. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  ) ?? '';

/** The first hex digits of a SHA-256 over a value. */
export const shortHash = (value: unknown, digits: number): string =>
  new Bun.CryptoHasher('sha256').update(canonical(value)).digest('hex').slice(0, digits);

/** The longest id of a call that OpenAI takes back. */
const usualLength = 40;

/**
 * Gives each call of one answer an id of its own. Some vendors give the same to several, and a client could not say which
 * of them a result is for. The first keeps the vendor's; the others go back as they were told, call and result alike.
 */
export const createUniqueIds = (): ((id: string) => string) => {
  const used = new Set<string>();
  return (id) => {
    let unique = id;
    for (let count = 2; used.has(unique); count++) {
      const end = `_${count}`;
      unique = id.slice(0, Math.max(id.length, usualLength) - end.length) + end;
    }
    used.add(unique);
    return unique;
  };
};

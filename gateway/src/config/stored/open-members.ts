// Apart from what seals: opening needs no schema, which a start without a file does without.

/** As `storage/sealed` has it. */
export interface Seals {
  seal(text: string, place: string): string;
  open(sealed: string, place: string): { ok: true; text: string } | { ok: false; why: string };
}

export const sealedForm = /^sluice:1:[0-9a-f]{8}:/;

/** What is to stand in a text's place. */
export type Change = (text: string, place: string) => string;

/**
 * Opens whatever is sealed.
 * @returns with `why`, the sentence of the first that cannot be opened, which then stays as it is
 */
export const openMembers = <T>(value: T, place: string, seals: Pick<Seals, 'open'>): { value: T; why?: string } => {
  let why: string | undefined;
  const opened = walk(value, place, (text, at) => {
    if (!sealedForm.test(text)) return text;
    const found = seals.open(text, at);
    if (found.ok) return found.text;
    why ??= found.why;
    return text;
  }) as T;
  return { value: opened, ...(why !== undefined && { why }) };
};

/** Every sealed text in a value. */
export const sealedTexts = (value: unknown): readonly string[] => {
  const found: string[] = [];
  walk(value, '', (text) => {
    if (sealedForm.test(text)) found.push(text);
    return text;
  });
  return found;
};

const walk = (value: unknown, place: string, by: Change): unknown =>
  typeof value === 'string' ? by(value, place) : deeper(value, place, (item, at) => walk(item, at, by));

/** Changes what is below, if anything is. */
export const deeper = (value: unknown, place: string, by: (item: unknown, place: string, key: string) => unknown): unknown => {
  if (Array.isArray(value)) return value.map((item, at) => by(item, `${place}/${at}`, ''));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, by(item, `${place}/${key}`, key)]));
};

import { Refusal } from '../io.ts';

/** A member of a request, as a flag: `max_budget` is `--max-budget`. */
export interface Field {
  readonly name: string;
  /** `texts`: a list with commas between; `json`: any JSON. */
  readonly type: 'text' | 'number' | 'flag' | 'texts' | 'json';
  readonly help: string;
  /** Where it goes, if not under its own name: `['member', 'role']`. */
  readonly place?: readonly string[];
}

export const text = (name: string, help: string, place?: readonly string[]): Field => ({
  name,
  type: 'text',
  help,
  ...(place && { place }),
});
export const number = (name: string, help: string, place?: readonly string[]): Field => ({
  name,
  type: 'number',
  help,
  ...(place && { place }),
});
export const flag = (name: string, help: string): Field => ({ name, type: 'flag', help });
export const texts = (name: string, help: string): Field => ({ name, type: 'texts', help });
export const json = (name: string, help: string, place?: readonly string[]): Field => ({
  name,
  type: 'json',
  help,
  ...(place && { place }),
});

const flagOf = ({ name }: Pick<Field, 'name'>): string => `--${name.replaceAll('_', '-')}`;

/** As commander has it among its options. */
export const optionName = ({ name }: Pick<Field, 'name'>): string =>
  name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

const shown: Readonly<Record<Field['type'], string>> = {
  text: '<text>',
  number: '<number>',
  flag: '<true|false>',
  texts: '<a,b>',
  json: '<json>',
};
export const usageOf = (field: Field): string => `${flagOf(field)} ${shown[field.type]}`;

/**
 * What a flag's text stands for. `null` sets it to nothing, whatever it is.
 * @throws Refusal that names the flag
 */
export const readField = (field: Field, given: string): unknown => {
  if (given === 'null') return null;
  switch (field.type) {
    case 'text':
      return given;
    case 'number': {
      const value = Number(given);
      if (given.trim() === '' || !Number.isFinite(value)) throw wrong(field, 'a number, or null');
      return value;
    }
    case 'flag':
      if (given !== 'true' && given !== 'false') throw wrong(field, 'true, false or null');
      return given === 'true';
    case 'texts':
      return given === ''
        ? []
        : given
            .split(',')
            .map((each) => each.trim())
            .filter((each) => each !== '');
    case 'json':
      try {
        return JSON.parse(given) as unknown;
      } catch {
        throw wrong(field, `JSON, such as '{"a": 1}', or null`);
      }
  }
};

const wrong = (field: Field, wanted: string): Refusal => new Refusal(`${flagOf(field)} must be ${wanted}.`, 2);

/** A body of what was given, each member in its place. */
export const bodyOf = (
  given: readonly (readonly [Field, unknown])[],
  more: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> => {
  const body: Record<string, unknown> = { ...more };
  for (const [{ name, place = [name] }, value] of given) {
    let at = body;
    for (const step of place.slice(0, -1)) {
      const below = at[step];
      at = at[step] = typeof below === 'object' && below !== null && !Array.isArray(below) ? { ...below } : {};
    }
    at[place.at(-1)!] = value;
  }
  return body;
};

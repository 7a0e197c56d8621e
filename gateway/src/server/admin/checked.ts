import { SluiceError } from 'sluice/kit';
import { z, type ZodType } from 'zod';
import { nearest } from '../../config/nearest.ts';
import { demandStorable } from './storable.ts';

/**
 * What a client sent, as its schema wants it.
 * @throws SluiceError `invalid_request`, naming the member and what is wrong with it
 */
export const checked = <T>(schema: ZodType<T>, value: unknown, what: 'body' | 'query'): T => {
  demandStorable(value);
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = deepest(result.error.issues[0]!);
  const place = issue.path.join('.').slice(0, maxPlaceChars);
  if (issue.code === 'unrecognized_keys') {
    const [unknown = ''] = issue.keys;
    const name = (place === '' ? unknown : `${place}.${unknown}`).slice(0, maxPlaceChars);
    const near = nearest(unknown, namesOf(schema));
    const hint = near === undefined ? '' : ` Did you mean '${near}'?`;
    throw new SluiceError('invalid_request', `There is no ${what === 'query' ? 'parameter' : 'member'} '${name}' here.${hint}`, {
      param: name,
    });
  }
  throw new SluiceError('invalid_request', place === '' ? `The ${what} ${lower(issue.message)}.` : `'${place}' ${lower(issue.message)}.`, {
    ...(place !== '' && { param: place }),
  });
};

/** Clients make up the names of members. */
const maxPlaceChars = 200;

type Issue = z.core.$ZodIssue;

/** Of something that may be one of several, what is wrong with the one that comes nearest. */
const deepest = (issue: Issue): Issue => {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return issue;
  const inner = issue.errors.map(([first]) => first).filter((each) => each !== undefined);
  const best = inner.toSorted((a, b) => b.path.length - a.path.length)[0];
  return best && best.path.length > 0 ? deepest({ ...best, path: [...issue.path, ...best.path] }) : issue;
};

const bounds: Readonly<Record<string, string>> = { '<=': 'at most', '<': 'below', '>=': 'at least', '>': 'above' };

/** Zod's sentences begin a line of their own; ours go on. */
const lower = (message: string): string => {
  const said = message.replace(/\.$/, '').replace(/^Invalid input: expected (.+), received undefined$/, 'is missing: it must be $1');
  return said
    .replace(/^Invalid input: expected (.+), received (.+)$/, 'must be $1, not $2')
    .replace(/^Invalid email address$/, 'must be an e-mail address')
    .replace(/^Invalid option: expected one of /, 'must be one of ')
    .replace(
      /^Too (?:big|small): expected \w+ to (be|have) ([<>]=?)(.+)$/,
      (_, verb, sign: string, most) => `must ${verb} ${bounds[sign]} ${most}`,
    )
    .replace(/^[A-Z]/, (first) => first.toLowerCase());
};

const namesOf = (schema: ZodType): string[] => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : []);

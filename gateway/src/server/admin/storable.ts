import { SluiceError } from 'sluice/kit';

/** What is nested deeper is nobody's metadata, and would be the end of those who read it recursively. */
const maxDepth = 100;

/**
 * Texts and names of members, at every depth, must be such that both databases can keep them: no character NUL, and no half
 * of a pair (a lone surrogate). No member is called `__proto__`: schemas would leave it out in silence, and a limit of a
 * model of that name would count for nothing. Nothing is nested deeper than 100.
 * @throws SluiceError `invalid_request`, naming the member
 */
export const demandStorable = (value: unknown): void => look(value, 0, undefined);

/** @param member of the whole, that this is in */
const look = (value: unknown, depth: number, member: string | undefined): void => {
  if (typeof value === 'string') return demandText(value, member);
  if (typeof value !== 'object' || value === null) return;
  if (depth >= maxDepth) throw refused(`is nested deeper than ${maxDepth}`, member);
  for (const [name, inner] of Object.entries(value)) {
    demandText(name, member);
    if (name === '__proto__') throw refused("has a member called '__proto__', which is no name for one", member);
    look(inner, depth + 1, member ?? name);
  }
};

const demandText = (text: string, member: string | undefined): void => {
  if (!text.includes('\0') && text.isWellFormed()) return;
  throw refused('holds the character NUL or half of a surrogate pair, which cannot be stored', member);
};

const refused = (what: string, member: string | undefined): SluiceError =>
  new SluiceError('invalid_request', member === undefined ? `The request ${what}.` : `'${member}' ${what}.`, {
    ...(member !== undefined && { param: member }),
  });

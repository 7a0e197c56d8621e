import { SluiceError } from '../../types/index.ts';
import type { Candidate } from '../candidate.ts';
import type { Deployment } from '../deployment.ts';
import type { Filter } from '../filter.ts';
import type { RouteRequest } from '../route-request.ts';
import { Leftovers, Noted, keepThose } from './kept.ts';
import { shown, shownList } from './words.ts';

export interface TagOptions {
  /** One of a request's tags is enough; else a deployment must have them all. Default true. */
  readonly matchAny?: boolean;
  /** Taken off a request's tags. Where it is set, plain tags without it that no deployment has are labels, and choose nothing. */
  readonly prefix?: string;
}

/** The tag of deployments for requests that choose no other. */
const fallback = 'default';

/**
 * Of a user agent. Patterns are the operator's, but what they are tried on is anybody's: it must not be long enough to
 * keep a backtracking one busy.
 */
const maxUserAgent = 512;

/** A request's tags by what they ask. */
interface Asked {
  readonly plain: readonly string[];
  readonly required: readonly string[];
  readonly excluded: readonly string[];
}

const nothing: Asked = { plain: [], required: [], excluded: [] };

/** What the deployments of a name say of tags. */
interface Known {
  readonly tagged: boolean;
  readonly tags: ReadonlySet<string>;
  readonly patterns: boolean;
}

/**
 * Tag routing, as LiteLLM has it (docs.litellm.ai/docs/proxy/tag_routing and its tag_based_routing.py, read 2026-11-22):
 * `!tag` leaves out, `&tag` must be there, plain ones choose; a deployment's patterns are tried where its tags do not
 * match. What nobody matches goes to deployments tagged `default`; without these, requests that choose by tag are
 * refused, and others go anywhere. One thing is different: a request without tags whose user agent no pattern matches
 * goes to the deployments without patterns, or anywhere, instead of being refused.
 */
export const tagsFilter = <P>({ matchAny = true, prefix = '' }: TagOptions = {}): Filter<P> => {
  const noted = new Noted<P, Known>(knownOf);
  const leftovers = new Leftovers<P>();
  return {
    name: 'tags',
    keep(candidates, request, now) {
      const known = noted.of(candidates, now);
      const tags = request.tags ?? [];
      if (!known.tagged && tags.length === 0) return candidates;
      const agent = known.patterns ? request.userAgent?.slice(0, maxUserAgent) : undefined;
      return leftovers.of(candidates, kindOf(tags, agent), now, () => choose(candidates, read(tags, prefix, known), agent, matchAny));
    },
    refusal: (name, { tags = [] }) => refusalOf(name, tags),
  };
};

const knownOf = (candidates: readonly Candidate<unknown>[]): Known => {
  const tags = new Set(candidates.flatMap(({ deployment }) => deployment.tags ?? []));
  const patterns = candidates.some(({ deployment }) => hasPatterns(deployment));
  return { tagged: patterns || tags.size > 0, tags, patterns };
};

/** Tags may hold anything, so their lengths tell them apart. */
const kindOf = (tags: readonly string[], agent: string | undefined): string =>
  `${tags.map((each) => `${each.length}:${each}`).join('')}|${agent ?? ''}`;

const read = (tags: readonly string[], prefix: string, known: Known): Asked => {
  if (tags.length === 0) return nothing;
  const asked = { plain: [] as string[], required: [] as string[], excluded: [] as string[] };
  for (const tag of tags) {
    const marked = prefix !== '' && tag.startsWith(prefix);
    const text = marked ? tag.slice(prefix.length) : tag;
    if (text.startsWith('!')) asked.excluded.push(text.slice(1));
    else if (text.startsWith('&')) asked.required.push(text.slice(1));
    else if (prefix === '' || marked || known.tags.has(text)) asked.plain.push(text);
  }
  return asked;
};

const choose = <P>(
  all: readonly Candidate<P>[],
  { plain, required, excluded }: Asked,
  agent: string | undefined,
  matchAny: boolean,
): readonly Candidate<P>[] => {
  const may = keepThose(all, ({ deployment }) => !hasAny(deployment, excluded) && hasAll(deployment, required));
  const text = agent === undefined || agent === '' || (plain.length === 0 && required.length > 0) ? undefined : `User-Agent: ${agent}`;
  const matches = ({ deployment }: Candidate<P>): boolean => {
    if (plain.length > 0 && (matchAny ? hasAny(deployment, plain) : hasAll(deployment, plain))) return true;
    // A pattern must not let in what all of the tags were to keep out.
    if (text === undefined || (!matchAny && (deployment.tags?.length ?? 0) > 0)) return false;
    return deployment.tagPatterns?.some((pattern) => text.search(pattern) !== -1) ?? false;
  };
  const matched = keepThose(may, matches);
  if (matched.length > 0) return matched;
  // What is required has chosen already.
  if (plain.length === 0 && required.length > 0) return may;
  const defaults = keepThose(may, ({ deployment }) => deployment.tags?.includes(fallback) ?? false);
  if (defaults.length > 0) return defaults;
  if (plain.length > 0) return [];
  const others = keepThose(may, ({ deployment }) => !hasPatterns(deployment));
  return others.length > 0 ? others : may;
};

const hasPatterns = ({ tagPatterns }: Deployment<unknown>): boolean => tagPatterns !== undefined && tagPatterns.length > 0;

const hasAny = ({ tags }: Deployment<unknown>, wanted: readonly string[]): boolean =>
  tags !== undefined && wanted.some((each) => tags.includes(each));

const hasAll = ({ tags = [] }: Deployment<unknown>, wanted: readonly string[]): boolean => wanted.every((each) => tags.includes(each));

const refusalOf = (name: string, tags: NonNullable<RouteRequest['tags']>): SluiceError =>
  tags.length > 0
    ? new SluiceError('invalid_request', `No deployment of the model ${shown(name)} is for the tags ${shownList(tags)}.`, { param: 'tags' })
    : new SluiceError('invalid_request', `No deployment of the model ${shown(name)} is for requests without tags.`, { param: 'tags' });

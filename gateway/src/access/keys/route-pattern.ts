/** Longer ones are refused where they are written. */
const maxPatternLength = 256;

const segmentsOf = (path: string): string[] => path.split('/').slice(1);

/** `{name}`, `{name:path}`, and what follows of the segment (`{model}:countTokens`). */
interface Hole {
  readonly many: boolean;
  readonly suffix: string;
}

const holeOf = (segment: string): Hole | undefined => {
  if (!segment.startsWith('{')) return undefined;
  const end = segment.indexOf('}');
  if (end < 2) return undefined;
  return { many: segment.slice(1, end).endsWith(':path'), suffix: segment.slice(end + 1) };
};

/** A pattern of paths, taken apart once. */
export interface RoutePattern {
  readonly segments: readonly (string | Hole)[];
  /** Ends in `/*`: whatever is below. */
  readonly below: boolean;
}

export const isPattern = (text: string): boolean => text.includes('{') || text.endsWith('/*');

/** @returns undefined for what is no pattern: no slash in front, stars or braces elsewhere, two holes of several segments */
export const routePattern = (text: string): RoutePattern | undefined => {
  if (!text.startsWith('/') || text.length > maxPatternLength) return undefined;
  const below = text.endsWith('/*');
  const path = below ? text.slice(0, -2) : text;
  const segments = (path === '' ? [] : segmentsOf(path)).map((segment) => holeOf(segment) ?? segment);
  const isOdd = (segment: string | Hole) =>
    typeof segment === 'string' ? segment === '' || /[{}*?#\s]/.test(segment) : /[{}*?#\s]/.test(segment.suffix);
  if (text !== '/' && segments.some((segment) => isOdd(segment))) return undefined;
  const many = segments.filter((segment) => typeof segment !== 'string' && segment.many).length;
  return many > 1 || (many === 1 && below) ? undefined : { segments, below };
};

/** A path's segments, where nothing in it could mean another path than it says; a slash at its end is forgiven. */
export const plainSegments = (path: string): readonly string[] | undefined => {
  const trimmed = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
  if (!trimmed.startsWith('/') || trimmed.includes('\\')) return undefined;
  if (trimmed === '/') return [];
  const segments = segmentsOf(trimmed);
  return segments.some((segment) => /^(?:\.|%2e){0,2}$/i.test(segment)) ? undefined : segments;
};

/** In time that grows with the path's length alone. */
export const matchesPattern = ({ segments, below }: RoutePattern, path: readonly string[]): boolean => {
  const manyAt = segments.findIndex((segment) => typeof segment !== 'string' && segment.many);
  if (manyAt < 0) return (below ? path.length > segments.length : path.length === segments.length) && agrees(segments, path);
  // The hole takes all that its neighbours leave, at least one segment.
  const after = segments.slice(manyAt + 1);
  if (path.length < segments.length) return false;
  const { suffix } = segments[manyAt] as Hole;
  const last = path[path.length - after.length - 1]!;
  const fits = last.endsWith(suffix) && (last.length > suffix.length || path.length > segments.length);
  return fits && agrees(segments.slice(0, manyAt), path) && agrees(after, path.slice(path.length - after.length));
};

const agrees = (segments: readonly (string | Hole)[], path: readonly string[]): boolean =>
  segments.every((segment, at) => {
    const given = path[at]!;
    return typeof segment === 'string' ? segment === given : given.length > segment.suffix.length && given.endsWith(segment.suffix);
  });

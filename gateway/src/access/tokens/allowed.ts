import type { Allowed } from '../../config/jwt-settings.ts';
import { routesWithin } from '../keys/route-groups.ts';
import { fitsPattern } from '../models/name-pattern.ts';

/** What several say is allowed: what each of them lets through. */
export const combine = (all: readonly Allowed[]): Allowed =>
  all.reduce(
    (before, { models, routes }) => ({
      ...before,
      ...(models && {
        models: before.models ? both(before.models, models, (inner, outer) => inner === outer || fitsPattern(outer, inner)) : models,
      }),
      ...(routes && { routes: before.routes ? both(before.routes, routes, (inner, outer) => routesWithin([inner], [outer])) : routes }),
    }),
    {},
  );

/** Of two lists, what is within something of the other. */
const both = (one: readonly string[], other: readonly string[], within: (inner: string, outer: string) => boolean): readonly string[] => [
  ...new Set([
    ...one.filter((each) => other.some((outer) => within(each, outer))),
    ...other.filter((each) => one.some((outer) => within(each, outer))),
  ]),
];

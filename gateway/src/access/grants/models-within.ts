import { allProxyModels, allTeamModels, noDefaultModels } from '../models/model-list.ts';
import { fitsPattern } from '../models/name-pattern.ts';

/** The access groups that a model name is in. */
export interface Groups {
  groupsOf(model: string): readonly string[];
}

/**
 * The entries of one list of models that another one does not let through: names, patterns and access groups, as they are
 * written. An empty outer list lets everything through. An empty inner list names nothing: whether it may then mean
 * everything is the caller's to say.
 */
export const modelsBeyond = (inner: readonly string[], outer: readonly string[], groups?: Groups): readonly string[] => {
  if (outer.length === 0 || outer.includes('*') || outer.includes(allProxyModels)) return [];
  return inner.filter((entry) => {
    // The one gives nothing, the other what the team has, which is looked at by itself.
    if (entry === noDefaultModels || entry === allTeamModels) return false;
    // A pattern is within another one that it fits letter by letter, its stars too.
    return !outer.some((other) => other === entry || fitsPattern(other, entry) || groups?.groupsOf(entry).includes(other));
  });
};

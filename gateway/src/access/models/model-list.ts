import { fitsPattern } from './name-pattern.ts';

/** Words that stand in a list of models for more than themselves. */
export const allProxyModels = 'all-proxy-models';
export const allTeamModels = 'all-team-models';
export const noDefaultModels = 'no-default-models';

/** The groups that the configuration has a model in (`model_info.access_groups`). */
export type GroupsOf = (model: string) => readonly string[];

/** What one thing (a key, a team) says of models. */
export interface ModelList {
  /** Who says it, for messages: `key`, `team`, `user`, `org`, `project`, `team_member`. */
  readonly of: string;
  readonly models: readonly string[];
  /** The lists of the bundles that it was given. */
  readonly bundles?: readonly (readonly string[])[];
}

/**
 * Whether a list lets a model through. An empty list says nothing, and so lets everything through; a list that holds only
 * words for others (`all-team-models`) does as well: the others are asked themselves.
 */
export const lists = ({ models, bundles }: ModelList, name: string, groupsOf: GroupsOf): boolean => {
  if (models.length === 0 && !bundles?.length) return true;
  const groupsOfName = groupsOf(name);
  const one = (entry: string): boolean =>
    entry === allProxyModels ||
    entry === allTeamModels ||
    entry === '*' ||
    (entry !== noDefaultModels && (fitsPattern(entry, name) || groupsOfName.includes(entry)));
  return models.some(one) || bundles?.some((bundle) => bundle.some(one)) === true;
};

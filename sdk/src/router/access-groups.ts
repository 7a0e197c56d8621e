/** What of a deployment says in which groups it is. */
interface Grouped {
  /** The model name; may be a pattern. */
  readonly name: string;
  readonly accessGroups?: readonly string[];
}

/**
 * The model names of each access group (`model_info.access_groups`), in the order of the deployments. A group is a name
 * for several models in lists of what may be asked for (a key's `models`); it is not asked for itself, so that lists of
 * models do not show it.
 */
export const modelsOfGroups = (deployments: Iterable<Grouped>): ReadonlyMap<string, readonly string[]> => {
  const groups = new Map<string, Set<string>>();
  for (const { name, accessGroups = [] } of deployments) {
    for (const group of accessGroups) {
      const names = groups.get(group);
      if (names) names.add(name);
      else groups.set(group, new Set([name]));
    }
  }
  return new Map([...groups].map(([group, names]) => [group, [...names]]));
};

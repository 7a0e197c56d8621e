import { kinds } from '../../../access/records/kinds.ts';
import type { Store } from '../../../access/store/store.ts';
import type { ConfigSnapshot } from '../../../config/snapshot.ts';
import { foundTeam, type FoundTeam } from './find-team.ts';

/** Members that the database has otherwise than the file, for a team that both have. Undefined: only one has it. */
export const driftOf = ({ data, shadowed }: FoundTeam): readonly string[] | undefined => {
  if (!shadowed) return undefined;
  const names = new Set([...Object.keys(data), ...Object.keys(shadowed)]) as Set<keyof typeof data>;
  return [...names].filter((name) => JSON.stringify(data[name] ?? null) !== JSON.stringify(shadowed[name] ?? null)).toSorted();
};

/** One sentence for each team of the file that the database says something else of. For the log, at start and at each reload. */
export const teamDrift = async (store: Store, config: Pick<ConfigSnapshot, 'teams'>): Promise<readonly string[]> => {
  const said: string[] = [];
  for (const stored of await store.getAll(
    kinds.team,
    config.teams.map(({ id }) => id),
  )) {
    const team = foundTeam(config, stored.id, stored);
    const names = team && driftOf(team);
    if (!names?.length || !team?.place) continue;
    said.push(
      `The team '${stored.id}' is in the database too, with another ${names.join(', ')}; the configuration file (${team.place.file}:${team.place.line}) wins.`,
    );
  }
  return said;
};

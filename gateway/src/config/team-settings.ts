import { defined } from './defined.ts';
import type { Findings } from './issues.ts';
import type { Located, Merged } from './merge.ts';
import { pathText } from './problem.ts';
import type { TeamEntry } from './schema/team-settings.ts';
import type { ConfigSnapshot } from './snapshot.ts';

/** A team as the file says it, in the spelling of the admin API, so that it can stand where one of the database would. */
export interface FileTeamRecord {
  readonly team_alias?: string;
  readonly organization_id?: string;
  /** Empty: all. */
  readonly models: readonly string[];
  readonly model_aliases?: Readonly<Record<string, string>>;
  /** US dollars, as the other budgets. */
  readonly max_budget?: number;
  readonly soft_budget?: number;
  readonly budget_duration?: string;
  readonly tpm_limit?: number;
  readonly rpm_limit?: number;
  readonly max_parallel_requests?: number;
  readonly team_member_budget?: number;
  readonly team_member_budget_duration?: string;
  readonly team_member_tpm_limit?: number;
  readonly team_member_rpm_limit?: number;
  readonly team_member_permissions?: readonly string[];
  readonly blocked?: boolean;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** A team that the configuration file owns. */
export interface FileTeam {
  readonly id: string;
  readonly record: FileTeamRecord;
  readonly place: FilePlace;
}

/** Where something stands. */
export interface FilePlace {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** `team_settings[0]` */
  readonly path: string;
}

/** The file's teams by their ids. */
export const fileTeams = ({ teams }: Pick<ConfigSnapshot, 'teams'>): ReadonlyMap<string, FileTeamRecord> => {
  let found = known.get(teams);
  if (!found) known.set(teams, (found = new Map(teams.map(({ id, record }) => [id, record]))));
  return found;
};

/** Made once for each configuration: every call of a team's key asks. */
const known = new WeakMap<readonly FileTeam[], ReadonlyMap<string, FileTeamRecord>>();

/** `team_settings` of all files. An id that is given twice is a mistake, since half of what is written would not hold. */
export const buildTeams = ({ teams }: Pick<Merged, 'teams'>, findings: Findings): FileTeam[] => {
  const seen = new Set<string>();
  return teams.map((located) => {
    const { value, source, path } = located;
    if (seen.has(value.team_id)) findings.problems.push(source.problem([...path, 'team_id'], 'is the id of a team above'));
    seen.add(value.team_id);
    demandVariables(located, findings);
    return {
      id: value.team_id,
      record: recordOf(value),
      place: { file: source.file, line: source.locate(path).line, path: pathText(path) },
    };
  });
};

/** A limit whose variable is not set would be no limit at all. */
const demandVariables = ({ source, path, unset }: Located<TeamEntry>, findings: Findings): void => {
  const here = `${pathText(path)}.`;
  for (const each of unset) {
    if (!pathText(each.path).startsWith(here)) continue;
    findings.problems.push(
      source.problem(
        each.path,
        `needs the environment variable ${each.name}, which is not set: without it the team would have no such limit`,
      ),
    );
  }
};

const recordOf = ({ team_id: _id, models, team_member_permissions: permissions, ...rest }: TeamEntry): FileTeamRecord =>
  defined<FileTeamRecord>({ ...rest, models: texts(models) ?? [], team_member_permissions: texts(permissions) });

const texts = (given: readonly (string | undefined)[] | undefined): readonly string[] | undefined =>
  given?.filter((each) => each !== undefined);

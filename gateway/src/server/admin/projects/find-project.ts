import { kinds } from '../../../access/records/kinds.ts';
import type { ProjectRecord } from '../../../access/records/records.ts';
import type { Owned } from '../../../access/relations.ts';
import type { Reading } from '../../../access/store/reading.ts';
import type { Stored } from '../../../access/store/stored.ts';
import { notFound } from '../../../access/store/writing.ts';
import type { AdminContext } from '../admin-route.ts';
import { findTeam, ownedBy } from '../teams/find-team.ts';

/** @throws SluiceError `not_found` */
export const theProject = async (reading: Reading, id: string): Promise<Stored<ProjectRecord>> => {
  const found = await reading.get(kinds.project, id);
  if (!found) throw notFound(kinds.project, id);
  return found;
};

/** Whose a project is: its team's. One that is not there is the proxy's own, so that only its admins learn of it. */
export const aboutProject = async (context: Pick<AdminContext, 'store' | 'services'>, id: string): Promise<readonly Owned[]> => {
  const project = await context.store.get(kinds.project, id);
  return project ? [ownedBy(project.data.team_id, await findTeam(context, project.data.team_id))] : [{}];
};

import { SluiceError } from 'sluice/kit';
import { kinds } from '../../../access/records/kinds.ts';
import type { Owned } from '../../../access/relations.ts';
import type { AdminContext } from '../admin-route.ts';
import { findTeam, ownedBy } from '../teams/find-team.ts';

type Context = Pick<AdminContext, 'store' | 'services'>;

/** Whose a model of the database is. */
export const aboutModel = async (context: Context, id: string): Promise<readonly Owned[]> => {
  const model = await context.store.get(kinds.model, id);
  return [await ofTeam(context, model?.data.team_id)];
};

export const ofTeam = async (context: Context, teamId: string | null | undefined): Promise<Owned> =>
  teamId == null ? {} : ownedBy(teamId, await findTeam(context, teamId));

export const isProxyAdmin = ({ principal }: Pick<AdminContext, 'principal'>): boolean => principal.role === 'proxy_admin';

/** It may be a proxy admin who blocked it. */
export const notTheirsToUnblock = (id: string): SluiceError =>
  new SluiceError('permission_denied', `Only a proxy admin may unblock the model '${id}'.`, { type: 'auth_error' });

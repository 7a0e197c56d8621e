import { SluiceError } from 'sluice/kit';
import type { AdminContext } from '../admin-route.ts';

/** The team that is asked for; where none is named, the one of the caller's key. @throws SluiceError `invalid_request` */
export const namedOrOwn = ({ principal }: Pick<AdminContext, 'principal'>, named: string | undefined): string => {
  const id = named ?? principal.teamId;
  if (id === undefined) throw new SluiceError('invalid_request', 'Name a team: ?team_id=…', { param: 'team_id' });
  return id;
};

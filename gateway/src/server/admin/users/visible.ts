import type { AdminContext } from '../admin-route.ts';
import { denied } from '../context.ts';
import { sql, type Statement } from '../../../storage/sql/statement.ts';

/**
 * The users that a caller may list, as a condition on the table of users: administrators of the proxy see all, those of
 * organisations and teams who is in them.
 * @returns undefined: all
 * @throws SluiceError `permission_denied` for who administers nothing
 */
export const visibleUsers = ({ principal, may }: Pick<AdminContext, 'principal' | 'may'>): Statement | undefined => {
  if (may('user.list', {})) return undefined;
  const organizations = [...principal.organizations.keys()].filter((organizationId) => may('user.list', { organizationId }));
  const teams = [...principal.teams.keys()].filter((teamId) => may('user.list', { teamId }));
  const ways: Statement[] = [];
  if (organizations.length > 0)
    ways.push(sql`id in (select user_id from organization_members where organization_id in (${listOf(organizations)}))`);
  if (teams.length > 0) ways.push(sql`id in (select user_id from team_members where team_id in (${listOf(teams)}))`);
  if (ways.length === 0) throw denied('user.list');
  return sql`(${sql.join(ways, ' or ')})`;
};

/** @param values at least one */
export const listOf = (values: readonly string[]): Statement =>
  sql.join(
    values.map((value) => sql`${value}`),
    ', ',
  );

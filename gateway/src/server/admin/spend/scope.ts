import type { EventScope } from '../../../spend/reports/event-filter.ts';
import { gatewayLens, type Lens } from '../../../spend/reports/lens.ts';
import type { AdminContext } from '../admin-route.ts';
import { denied } from '../context.ts';
import type { TeamsInView } from './teams-in-view.ts';
import { administered, seesAll } from '../teams/visible.ts';

type Caller = Pick<AdminContext, 'principal'>;

/** The teams that the caller administers. */
const administeredTeams = ({ principal }: Caller): readonly string[] =>
  [...principal.teams].flatMap(([id, role]) => (role === 'admin' ? [id] : []));

/**
 * The calls that a caller may see, as the database is asked for them: their own, their key's, those of the teams and
 * organisations that they administer. A call belongs to whom it belonged to when it was made. Undefined: all.
 */
export const visibleEvents = (context: Caller): EventScope | undefined => {
  if (seesAll(context)) return undefined;
  const { principal } = context;
  return {
    userId: principal.userId,
    keyId: principal.key?.id,
    teamIds: administeredTeams(context),
    organizationIds: administered(context),
  };
};

/** The sums that a caller may see of the gateway: all, or their own. */
export const ownLens = (context: Caller): Lens => {
  if (seesAll(context)) return gatewayLens;
  const { userId, key } = context.principal;
  if (userId !== undefined) return { kind: 'user', entities: [userId] };
  return { kind: 'key', entities: key ? [key.id] : [] };
};

/** Sums of users: of the named one (`about` has seen to it that they may be seen), else as `ownLens`. */
export const userLens = (context: Caller, userId: string | undefined): Lens =>
  userId === undefined ? ownLens(context) : { kind: 'user', entities: [userId] };

/**
 * Sums of teams. Who administers a team, or its organisation, sees all of it; who is merely in it, what their own keys did there.
 * @param inView the named teams, or all that the caller may see
 */
export const teamLens = (context: Caller, named: readonly string[] | undefined, inView: TeamsInView): Lens => {
  if (seesAll(context)) return { kind: 'team', ...(named && { entities: named }) };
  const { userId, teams, organizations } = context.principal;
  const isWhole = ([id, organization]: readonly [string, string | null | undefined]): boolean =>
    teams.get(id) === 'admin' || organizations.get(organization ?? '') === 'org_admin';
  const whole = [...inView].filter(isWhole).map(([id]) => id);
  const rest = [...inView].filter((each) => !isWhole(each)).map(([id]) => id);
  return { kind: 'team', entities: whole, ...(userId !== undefined && rest.length > 0 && { partly: { entities: rest, userId } }) };
};

/** Sums of organisations: the named ones (`about` has seen to them), else those that the caller administers. */
export const organizationLens = (context: Caller, named: readonly string[] | undefined): Lens => {
  const entities = named ?? (seesAll(context) ? undefined : administered(context));
  return { kind: 'organization', ...(entities && { entities }) };
};

/** @throws SluiceError `permission_denied` unless it is the master key itself: what it does cannot be undone */
export const demandMaster = ({ principal }: Caller): void => {
  if (principal.kind !== 'master') throw denied('spend.reset');
};

import { SluiceError } from 'sluice/kit';
import type { Allowed, JwtSettings, TokenRole } from '../../config/jwt-settings.ts';
import { fitsPattern } from '../models/name-pattern.ts';
import type { UserRole } from '../records/records.ts';
import { claimAt, textAt } from '../sign-on/claim-at.ts';
import { combine } from './allowed.ts';

type Claims = Readonly<Record<string, unknown>>;
type Fields = JwtSettings['fields'];

/** What a good token says of its holder, in the gateway's words. */
export interface Said {
  /** What it counts as; undefined: it names nobody. */
  readonly as: TokenRole | undefined;
  /** Of the user. */
  readonly role?: UserRole | undefined;
  readonly userId?: string | undefined;
  /** In lower case; absent where the issuer says that nobody has checked it. */
  readonly email?: string | undefined;
  readonly teamIds: readonly string[];
  /** Those of `team_ids_jwt_field` alone; absent: there is no such claim. */
  readonly allTeamIds?: readonly string[] | undefined;
  readonly teamAlias?: string | undefined;
  readonly organizationId?: string | undefined;
  readonly organizationAlias?: string | undefined;
  readonly customerId?: string | undefined;
  readonly models?: readonly string[] | undefined;
  readonly routes?: readonly string[] | undefined;
  /** Who it is was said by a role, which is enough: it need not be stored. */
  readonly byRole: boolean;
}

const maxTexts = 200;

/**
 * Reads the claims of a token that is good.
 * @throws SluiceError `permission_denied` where the settings want more of a token than it says
 */
export const readClaims = (claims: Claims, settings: JwtSettings, fields: Fields = settings.fields): Said => {
  const scopes = scopesOf(claims);
  const roles = settings.rolesField === undefined ? [] : wordsAt(claims, settings.rolesField);
  const byRole = settings.roleMappings.find(({ role }) => roles.includes(role))?.as;
  const isAdmin = scopes.includes(settings.adminScope) || byRole === 'proxy_admin';
  const objectId = settings.objectIdField === undefined || byRole === undefined ? undefined : textAt(claims, settings.objectIdField);

  const email = fields.email === undefined ? undefined : textAt(claims, fields.email)?.toLowerCase();
  const userId =
    (objectId !== undefined && byRole !== 'team' ? objectId : undefined) ??
    (fields.userId === undefined ? undefined : textAt(claims, fields.userId)) ??
    email;
  const teams = teamsOf(claims, settings, fields, objectId !== undefined && byRole === 'team' ? objectId : undefined);
  const as: TokenRole | undefined = isAdmin
    ? 'proxy_admin'
    : teams.teamIds.length > 0 || teams.teamAlias !== undefined
      ? 'team'
      : userId === undefined
        ? byRole
        : 'internal_user';
  if (!isAdmin)
    demandEnough(claims, settings, fields, {
      as,
      email,
      userId,
      hasTeam: as === 'team' && (teams.teamIds.length > 0 || teams.teamAlias !== undefined),
    });

  const ownRoutes =
    as === 'proxy_admin'
      ? settings.adminRoutes
      : as === 'team'
        ? settings.teamRoutes
        : as === undefined
          ? settings.publicRoutes
          : undefined;
  const allowed = combine([
    { ...(ownRoutes && { routes: ownRoutes }) },
    (as && settings.permissions[as]) ?? {},
    isAdmin ? {} : ofScopes(settings, scopes),
  ]);
  const orgId = fields.orgId === undefined ? undefined : textAt(claims, fields.orgId);
  return {
    as,
    role: isAdmin
      ? 'proxy_admin'
      : (settings.roleMap.find(({ pattern }) => roles.some((role) => fitsPattern(pattern, role)))?.role ??
        (as === 'internal_user' && byRole === as ? as : undefined)),
    userId,
    email: claims['email_verified'] === false ? undefined : email,
    ...(isAdmin ? { teamIds: [] } : teams),
    organizationId: orgId,
    organizationAlias: orgId !== undefined || fields.orgAlias === undefined ? undefined : textAt(claims, fields.orgAlias),
    customerId: fields.customerId === undefined ? undefined : textAt(claims, fields.customerId),
    ...allowed,
    byRole: isAdmin || byRole !== undefined,
  };
};

/** RFC 8693 has `scope` with spaces; others a list, or `scp` (Microsoft Entra, Okta). */
const scopesOf = (claims: Claims): readonly string[] => wordsAt(claims, Object.hasOwn(claims, 'scope') ? 'scope' : 'scp');

/** A list, or one text with spaces or commas. */
const wordsAt = (claims: Claims, path: string): readonly string[] => {
  const value = claimAt(claims, path);
  if (typeof value === 'string') return value.split(/[\s,]+/, maxTexts).filter((each) => each !== '');
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string').slice(0, maxTexts) : [];
};

/** Ids may have spaces. A list; of one text, the whole of it. */
const idsAt = (claims: Claims, path: string | undefined): readonly string[] | undefined => {
  const value = path === undefined ? undefined : claimAt(claims, path);
  if (Array.isArray(value)) return value.filter((each): each is string => typeof each === 'string' && each !== '').slice(0, maxTexts);
  if (typeof value === 'string' && value !== '') return [value];
  return typeof value === 'number' ? [String(value)] : undefined;
};

const teamsOf = (
  claims: Claims,
  settings: JwtSettings,
  fields: Fields,
  objectId: string | undefined,
): Pick<Said, 'teamIds' | 'allTeamIds' | 'teamAlias'> => {
  const all = idsAt(claims, fields.teamIds);
  const own = objectId ?? idsAt(claims, fields.teamId)?.[0];
  const alias = own !== undefined || fields.teamAlias === undefined ? undefined : textAt(claims, fields.teamAlias);
  const teamIds = [...new Set([...(own === undefined ? [] : [own]), ...(all ?? [])])];
  const usual = teamIds.length === 0 && alias === undefined ? settings.teamDefault : undefined;
  return { teamIds: usual === undefined ? teamIds : [usual], allTeamIds: all, teamAlias: alias };
};

const demandEnough = (
  claims: Claims,
  settings: JwtSettings,
  fields: Fields,
  { as, email, userId, hasTeam }: { as: TokenRole | undefined; email: string | undefined; userId: string | undefined; hasTeam: boolean },
): void => {
  const { emailDomain, userRoles } = settings;
  if (
    emailDomain !== undefined &&
    (email === undefined || email.split('@').length !== 2 || email.split('@')[1] !== emailDomain || claims['email_verified'] === false)
  )
    throw refused('The token has no e-mail address of the domain that may call here.');
  if (
    userRoles &&
    (userId !== undefined || as === undefined) &&
    !wordsAt(claims, userRoles.field).some((role) => userRoles.allowed.includes(role))
  )
    throw refused('The token has none of the roles that may call here.');
  if (!hasTeam && settings.mustHaveTeam)
    throw refused('The token names no team, and must (litellm_jwtauth.enforce_team_based_model_access).');
  if (!hasTeam && (fields.teamId !== undefined || fields.teamAlias !== undefined))
    throw refused(`The token names no team: it has no claim ${JSON.stringify(fields.teamId ?? fields.teamAlias)}.`);
  if (as === undefined && settings.mustBeSomebody) throw refused('The token is no admin’s, no team’s and no user’s (enforce_rbac).');
};

/** What the scopes of a token allow together: no scope with models, no models. */
const ofScopes = ({ scopes: mappings }: JwtSettings, scopes: readonly string[]): Allowed => {
  if (!mappings) return {};
  const own = mappings.filter(({ scope }) => scopes.includes(scope));
  const sayRoutes = own.length > 0 && own.every(({ routes }) => routes);
  return {
    models: [...new Set(own.flatMap(({ models }) => models ?? []))],
    ...(sayRoutes && { routes: [...new Set(own.flatMap(({ routes }) => routes ?? []))] }),
  };
};

const refused = (message: string): SluiceError => new SluiceError('permission_denied', message, { type: 'auth_error' });

import { SluiceError } from 'sluice/kit';
import { keyTypeRoutes, routesWithin } from '../keys/route-groups.ts';
import { scimRoutesOf } from '../keys/scim-keys.ts';
import { nameOf, type Principal } from '../principal.ts';
import type { KeyRecord, Limits, OrganizationRecord, ProjectRecord, TeamMemberRecord, TeamRecord, UserRecord } from '../records/records.ts';
import type { Stored } from '../store/stored.ts';
import { keyAdminsMember, proxyAdminsMember } from './admins-metadata.ts';
import { limitBeyond, modelsBeside } from './key-limits.ts';
import { limitsBeyond } from './limits-within.ts';
import { modelsBeyond } from './models-within.ts';

/** Everything that says what a key may be given. */
export interface KeyGrant {
  readonly principal: Principal;
  /** Whether the caller administers the team, or the organisation, that the key is in. */
  readonly isAdmin: boolean;
  /** Whether the team lets its members block its keys. */
  readonly mayBlock?: boolean | undefined;
  /** Absent: it is a new one. */
  readonly before?: Stored<KeyRecord> | undefined;
  readonly after: KeyRecord;
  /** Whether the request sets what was spent. */
  readonly setsSpend: boolean;
  /** Whether the caller learns another secret of it. */
  readonly isNext?: boolean | undefined;
  /** Of the key as it is to be. */
  readonly team?: TeamRecord | undefined;
  readonly organization?: OrganizationRecord | undefined;
  readonly project?: ProjectRecord | undefined;
  readonly user?: UserRecord | undefined;
  /** The place of the key's user in its team. */
  readonly member?: TeamMemberRecord | undefined;
}

/**
 * Nobody can give a key what they do not have themselves (FP-34): neither more than the key that they came with, nor more
 * than the team, organisation and person that it is for; and what others have set, only who administers it takes away.
 * Proxy admins may everything.
 * @throws SluiceError `permission_denied`, with the member at fault
 */
export const demandKeyGrant = (grant: KeyGrant): void => {
  if (grant.principal.role === 'proxy_admin') return;
  demandAdminsOwn(grant);
  demandOwner(grant);
  demandNotInTheirName(grant);
  for (const { of, bounds, models } of layersOf(grant)) {
    const [limit] = limitsBeyond(grant.after, bounds);
    if (limit) throw beyond(limit.name, `(${limit.limit}) is above that of ${of} (${limit.most})`);
    demandModels(grant.after, models, of);
  }
  demandThingsOfTeam(grant);
  const { key, tokenModels: models, tokenRoutes } = grant.principal;
  if (models?.length === 0) throw denied('models', 'Your token is for no models, so it makes no keys.');
  const ofToken = { key_name: '', models: models ?? [], allowed_routes: tokenRoutes ?? [] };
  if (models || tokenRoutes) demandWithinKey(grant.after, ofToken, 'your token');
  if (key) demandWithinKey(grant.after, key.data, 'the key that you came with');
  // Who made a key, and was the last to change it, has not been told any limits by others.
  if (grant.before && !grant.isAdmin && !isOwnMaking(grant.before, grant.principal))
    demandWithinKey(grant.after, grant.before.data, 'what the key has');
};

const denied = (param: string, message: string): SluiceError => new SluiceError('permission_denied', message, { param });
const beyond = (param: string, what: string): SluiceError => denied(param, `\`${param}\` ${what}, which only an administrator may give.`);

const isOwnMaking = ({ createdBy, updatedBy }: Stored<KeyRecord>, principal: Principal): boolean => {
  const name = nameOf(principal);
  return createdBy === name && updatedBy === name;
};

/** What is the administrators' to say. */
const demandAdminsOwn = ({ before, after, isAdmin, mayBlock, setsSpend }: KeyGrant): void => {
  if (setsSpend) throw denied('spend', 'Only a proxy admin sets what was spent.');
  const was = before?.data;
  const proxyAdmins = proxyAdminsMember(was?.metadata, after.metadata);
  if (proxyAdmins !== undefined) throw denied(`metadata.${proxyAdmins}`, `Only a proxy admin sets \`metadata.${proxyAdmins}\`.`);
  if (missing(scimRoutesOf(after), scimRoutesOf(was)) !== undefined)
    throw denied('allowed_routes', 'Only a proxy admin makes keys for SCIM.');
  if (after.throttle_on_budget_exceeded && !before?.data.throttle_on_budget_exceeded)
    throw denied('throttle_on_budget_exceeded', 'Only a proxy admin lets a key go on behind its budget.');
  if (isAdmin) return;
  const bound = keyAdminsMember(was?.metadata, after.metadata);
  if (bound !== undefined) throw denied(`metadata.${bound}`, `Only an administrator changes \`metadata.${bound}\` of a key that has it.`);
  if (!mayBlock && (after.blocked ?? false) !== (was?.blocked ?? false))
    throw denied('blocked', 'Only an administrator blocks and unblocks keys.');
  for (const name of limitTypes)
    if (isDynamic(after, name) && !isDynamic(was, name))
      throw denied(name, 'Only an administrator lets a limit hold only while its model fails (`dynamic`).');
  if (after.temp_budget_increase && after.temp_budget_increase > (was?.temp_budget_increase ?? 0))
    throw denied('temp_budget_increase', 'Only an administrator raises a budget for a time.');
  if (after.temp_budget_increase && (after.temp_budget_expiry ?? Infinity) > (was?.temp_budget_expiry ?? Infinity))
    throw denied('temp_budget_expiry', 'Only an administrator raises a budget for longer.');
  if (after.budget_id != null && after.budget_id !== was?.budget_id)
    throw denied('budget_id', 'Only an administrator gives a key a shared budget.');
};

const limitTypes = ['rpm_limit_type', 'tpm_limit_type'] as const;

/** A limit that mostly does not hold. */
const isDynamic = (key: KeyRecord | undefined, name: (typeof limitTypes)[number]): boolean => key?.[name] === 'dynamic';

/** Whose it is. */
const demandOwner = ({ principal, before, after, isAdmin, team, member }: KeyGrant): void => {
  const { user_id: user, team_id: teamId, organization_id: organization } = after;
  const changed = user !== before?.data.user_id || teamId !== before?.data.team_id;
  if (!isAdmin) demandSameOwners(before?.data, after, team);
  if (changed && user != null && user !== principal.userId) {
    if (teamId == null) throw denied('user_id', 'Only a proxy admin makes keys of other people that are in no team.');
    if (!isAdmin) throw denied('user_id', 'Only an administrator of the team makes keys of its other members.');
    if (!member) throw denied('user_id', `The user ${JSON.stringify(user)} is not in the team.`);
  }
  if (organization != null && organization !== before?.data.organization_id) {
    const isTeams = team?.organization_id === organization;
    if (!isTeams && !principal.organizations.has(organization)) throw denied('organization_id', 'You are not in this organisation.');
  }
};

/** What a key is for that somebody else has made for its user: no more than calls of models. */
export const callsOnly = 'llm_api' as const;

/**
 * In the admin API a key is its user, with their role and their own keys. So who makes one for somebody else, or gets its
 * new secret, gets no more than calls of models: whoever administers a team could be anybody whom they put into it.
 */
const demandNotInTheirName = ({ principal, before, after, isNext }: KeyGrant): void => {
  const { user_id: user } = after;
  if (user == null || user === principal.userId || isForCalls(after)) return;
  // A key that is for calls alone may be one of those that others know.
  const mayKnow = !before || isNext || user !== before.data.user_id || isForCalls(before.data);
  if (!mayKnow) return;
  throw denied(
    'key_type',
    `This key could do in the admin API what its user ${JSON.stringify(user)} can. For others than yourself, give \`key_type\` "${callsOnly}": calls of models.`,
  );
};

const isForCalls = ({ allowed_routes: routes }: KeyRecord): boolean =>
  routes != null && routes.length > 0 && routesWithin(routes, keyTypeRoutes[callsOnly]);

const serviceAccounts = '/key/service-account/generate';

/** Whoever takes away an owner takes away the owner's limits. */
const demandSameOwners = (before: KeyRecord | undefined, after: KeyRecord, team: TeamRecord | undefined): void => {
  if (after.user_id == null && (!before || before.user_id != null)) {
    if (!after.service_account || !team?.team_member_permissions?.includes(serviceAccounts))
      throw denied('user_id', 'Only an administrator makes keys that belong to no person.');
  }
  for (const name of ['organization_id', 'project_id', 'agent_id'] as const)
    if (before?.[name] != null && after[name] !== before[name])
      throw denied(name, `Only an administrator changes the \`${name}\` of a key that has one.`);
};

interface Layer {
  readonly of: string;
  readonly bounds: Limits;
  readonly models: readonly string[];
}

/** Those that a key is below of. Each of them is enforced itself, so a key may be silent where they are not. */
const layersOf = ({ team, organization, project, user, member, after }: KeyGrant): readonly Layer[] => [
  ...(team ? [{ of: 'its team', bounds: team, models: team.models }] : []),
  ...(organization ? [{ of: 'its organisation', bounds: organization, models: organization.models }] : []),
  ...(project ? [{ of: 'its project', bounds: project, models: project.models }] : []),
  ...(member ? [{ of: "its user's place in the team", bounds: member, models: member.allowed_models ?? [] }] : []),
  // In a team, a person has what the team has.
  ...(user && after.team_id == null ? [{ of: 'its user', bounds: user, models: user.models }] : []),
];

const demandModels = (after: KeyRecord, models: readonly string[], of: string): void => {
  const [first] = modelsBeyond(after.models, models);
  if (first !== undefined) throw beyond('models', `has ${JSON.stringify(first)}, beyond the models of ${of}`);
  const [beside] = modelsBeyond(modelsBeside(after), models);
  if (beside !== undefined)
    throw denied('aliases', `${JSON.stringify(beside)}, which an alias or a fallback of the key leads to, is beyond the models of ${of}.`);
};

const missing = (inner: readonly string[] | null | undefined, outer: readonly string[] | null | undefined): string | undefined =>
  inner?.find((each) => !outer?.includes(each));

/** Bundles and paths are given to a key by whoever has them: its team, or the key that the caller came with. */
const demandThingsOfTeam = ({ after, before, team, principal }: KeyGrant): void => {
  for (const name of ['access_group_ids', 'allowed_passthrough_routes'] as const) {
    const has = [...(team?.[name] ?? []), ...(principal.key?.data[name] ?? []), ...(before?.data[name] ?? [])];
    const first = missing(after[name], has);
    if (first !== undefined) throw beyond(name, `has ${JSON.stringify(first)}, which the team does not have`);
  }
  const outer = team?.object_permission;
  for (const name of ['models', 'vector_stores', 'search_tools'] as const) {
    const first = outer?.[name] == null ? undefined : missing(after.object_permission?.[name], outer[name]);
    if (first !== undefined) throw beyond('object_permission', `has ${JSON.stringify(first)}, which the team does not have`);
  }
};

/** Everything that one key says of itself must be said by the other as well, or more strictly. */
const demandWithinKey = (after: KeyRecord, outer: KeyRecord, what: string): void => {
  const more = (param: string) => denied(param, `\`${param}\` would let through more than ${what}; only an administrator may give that.`);
  const limit = limitBeyond(after, outer);
  if (limit) throw more(limit);
  const looser = limitTypes.find((name) => isDynamic(after, name) && !isDynamic(outer, name) && hasRates(outer));
  if (looser) throw more(looser);
  if (outer.models.length > 0) {
    if (after.models.length === 0 && !after.access_group_ids?.length) throw more('models');
    demandModels(after, [...outer.models, ...(outer.access_group_ids ?? [])], what);
  }
  if (outer.budget_id != null && after.budget_id !== outer.budget_id) throw more('budget_id');
  if ((outer.budget_limits ?? []).some((window) => !after.budget_limits?.some((own) => isSameWindow(own, window))))
    throw more('budget_limits');
  if (Object.entries(outer.tag_rpm_limit ?? {}).some(([tag, most]) => !((after.tag_rpm_limit?.[tag] ?? Infinity) <= most)))
    throw more('tag_rpm_limit');
  if (outer.allowed_routes?.length && (!after.allowed_routes?.length || !routesWithin(after.allowed_routes, outer.allowed_routes)))
    throw more('allowed_routes');
  if (outer.allowed_ips?.length && (!after.allowed_ips?.length || missing(after.allowed_ips, outer.allowed_ips) !== undefined))
    throw more('allowed_ips');
  if (missing(outer.enforced_params, after.enforced_params) !== undefined) throw more('enforced_params');
  if (missing(outer.tags, after.tags) !== undefined) throw more('tags');
  if (outer.expires_at != null && (after.expires_at == null || after.expires_at > outer.expires_at)) throw more('duration');
  for (const name of ['models', 'vector_stores', 'search_tools'] as const) {
    const has = outer.object_permission?.[name];
    if (has != null && (after.object_permission?.[name] == null || missing(after.object_permission[name], has) !== undefined))
      throw more('object_permission');
  }
};

/** Whether it is held to any requests or tokens a minute. */
const hasRates = ({ rpm_limit: rpm, tpm_limit: tpm, budget_id: shared, ...byModel }: KeyRecord): boolean =>
  rpm != null ||
  tpm != null ||
  shared != null ||
  [byModel.model_rpm_limit, byModel.model_tpm_limit, byModel.model_max_budget].some((table) => Object.keys(table ?? {}).length > 0);

const isSameWindow = (own: Window, outer: Window): boolean =>
  own.budget_duration === outer.budget_duration && own.max_budget <= outer.max_budget;
type Window = NonNullable<KeyRecord['budget_limits']>[number];

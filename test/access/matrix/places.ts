import { memberId, kinds, type Kind } from '../../../gateway/src/access/records/kinds.ts';
import type { UserRole } from '../../../gateway/src/access/records/records.ts';
import { hashKey } from '../../../gateway/src/access/keys/secret.ts';
import { teamMemberPermissions } from '../../../gateway/src/access/permissions.ts';

/** Stands in every id of the other tenant, so that an answer that tells of it is found by its text. */
export const otherMark = 'zzother';

/** One of each thing that belongs together. */
export interface Place {
  readonly name: string;
  readonly organizationId: string;
  readonly teamId: string;
  readonly userId: string;
  /** A key of that user in that team, as it is presented and as it is stored. */
  readonly key: string;
  readonly keyId: string;
  readonly projectId: string;
  readonly modelId: string;
  readonly invitationId: string;
  /** Nothing of it is there. */
  readonly missing?: true;
}

const placeOf = (name: string, organization: string, more: Partial<Place> = {}): Place => ({
  name,
  organizationId: organization,
  teamId: `${name}-team`,
  userId: `${name}-user`,
  key: `sk-${name}-key-of-the-place`,
  keyId: hashKey(`sk-${name}-key-of-the-place`),
  projectId: `${name}-project`,
  modelId: `${name}-model`,
  invitationId: `${name}-invitation`,
  ...more,
});

export const places = {
  /** Its team lets members see their keys, and no more. */
  own: placeOf('own', 'own-org'),
  /** In the same organization. Its team lets members do everything with its keys. */
  generous: placeOf('generous', 'own-org'),
  other: placeOf(otherMark, `${otherMark}-org`),
  nowhere: placeOf('nowhere', 'nowhere-org', { missing: true }),
} as const satisfies Record<string, Place>;

/** What the teams let their members do. */
export const memberPermissions: Readonly<Record<string, readonly string[] | undefined>> = {
  [places.generous.teamId]: Object.keys(teamMemberPermissions),
};

export interface CallerPlaces {
  readonly role: UserRole;
  readonly teams?: Readonly<Record<string, 'admin' | 'user'>>;
  readonly organizations?: Readonly<Record<string, 'org_admin' | 'internal_user'>>;
}

/** Those who call, by their names. */
export const people: Readonly<Record<string, CallerPlaces>> = {
  proxy_admin: { role: 'proxy_admin' },
  proxy_admin_viewer: { role: 'proxy_admin_viewer' },
  org_admin: { role: 'internal_user', organizations: { 'own-org': 'org_admin' } },
  org_member: { role: 'internal_user', organizations: { 'own-org': 'internal_user' } },
  team_admin: { role: 'internal_user', teams: { 'own-team': 'admin', 'generous-team': 'admin' } },
  team_member: { role: 'internal_user', teams: { 'own-team': 'user', 'generous-team': 'user' } },
  internal_user: { role: 'internal_user' },
  internal_user_viewer: { role: 'internal_user_viewer' },
  viewer_with_places: {
    role: 'internal_user_viewer',
    teams: { 'own-team': 'admin', 'generous-team': 'user' },
    organizations: { 'own-org': 'org_admin' },
  },
  admin_of_the_other: {
    role: 'internal_user',
    teams: { [`${otherMark}-team`]: 'admin' },
    organizations: { [`${otherMark}-org`]: 'org_admin' },
  },
};

/** A thing as it is to be, and as it is again after each change. */
export interface Fixture<T = unknown> {
  readonly kind: Kind<T>;
  readonly id: string;
  readonly data: T;
}

const fixture = <T>(kind: Kind<T>, id: string, data: T): Fixture => ({ kind, id, data }) as unknown as Fixture;

export const keyOfCaller = (name: string): string => `sk-caller-${name}`;
/** A second key of the same person, to do things to. */
export const spareKeyOf = (name: string): string => `sk-spare-${name}`;
const keyRecord = { key_name: 'sk-...here', models: [] };

const ofPlace = (place: Place): Fixture[] => [
  fixture(kinds.team, place.teamId, {
    models: [],
    organization_id: place.organizationId,
    team_member_permissions: memberPermissions[place.teamId],
  }),
  fixture(kinds.user, place.userId, { user_role: 'internal_user', models: [] }),
  fixture(kinds.teamMember, memberId(place.teamId, place.userId), { team_id: place.teamId, user_id: place.userId, role: 'user' }),
  fixture(kinds.organizationMember, memberId(place.organizationId, place.userId), {
    organization_id: place.organizationId,
    user_id: place.userId,
    role: 'internal_user',
  }),
  // For calls alone: whoever replaces it must not be that user by it.
  fixture(kinds.key, place.keyId, { ...keyRecord, user_id: place.userId, team_id: place.teamId, allowed_routes: ['llm_api_routes'] }),
  fixture(kinds.project, place.projectId, { team_id: place.teamId, models: [] }),
  fixture(kinds.model, place.modelId, {
    model_name: `${place.name}-model-name`,
    litellm_params: { model: 'mock/hello', rpm: 1 },
    model_info: { team_id: place.teamId, team_public_model_name: `${place.name}-model-name` },
    team_id: place.teamId,
    isolated: true,
  }),
  fixture(kinds.invitation, place.invitationId, { user_id: place.userId, token_hash: hashKey(place.name), expires_at: 4_000_000_000_000 }),
];

const ofPerson = ([name, { role, teams = {}, organizations = {} }]: [string, CallerPlaces]): Fixture[] => [
  fixture(kinds.user, name, { user_role: role, models: [] }),
  fixture(kinds.key, hashKey(keyOfCaller(name)), { ...keyRecord, user_id: name }),
  fixture(kinds.key, hashKey(spareKeyOf(name)), { ...keyRecord, user_id: name }),
  ...Object.entries(teams).map(([team_id, place]) =>
    fixture(kinds.teamMember, memberId(team_id, name), { team_id, user_id: name, role: place }),
  ),
  ...Object.entries(organizations).map(([organization_id, place]) =>
    fixture(kinds.organizationMember, memberId(organization_id, name), { organization_id, user_id: name, role: place }),
  ),
];

/** Keys that are less, or other, than the person behind them. */
export const specialKeys = {
  service_account: { ...keyRecord, team_id: 'own-team', service_account: true },
  of_nobody: { ...keyRecord, user_id: 'nobody-by-this-name' },
  llm_api_key: { ...keyRecord, user_id: 'proxy_admin', key_type: 'llm_api' },
  management_key: { ...keyRecord, user_id: 'team_admin', key_type: 'management' },
  read_only_key: { ...keyRecord, user_id: 'proxy_admin', key_type: 'read_only' },
  key_for_one_route: { ...keyRecord, user_id: 'proxy_admin', allowed_routes: ['/key/info'] },
} as const;

export const fixtures: readonly Fixture[] = [
  fixture(kinds.organization, 'own-org', { organization_alias: 'Own', models: [] }),
  fixture(kinds.organization, `${otherMark}-org`, { organization_alias: `${otherMark} alias`, models: [] }),
  ...Object.values<Place>(places)
    .filter(({ missing }) => !missing)
    .flatMap(ofPlace),
  ...Object.entries(people).flatMap(ofPerson),
  ...Object.entries(specialKeys).map(([name, data]) => fixture(kinds.key, hashKey(keyOfCaller(name)), data)),
  fixture(kinds.budget, 'a-budget', { max_budget: 1 }),
  fixture(kinds.tag, 'a-tag', { models: [] }),
  fixture(kinds.customer, 'a-customer', {}),
  fixture(kinds.accessGroup, 'a-group', { access_group_name: 'A group', access_model_names: [] }),
];

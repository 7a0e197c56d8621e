import { kinds } from '../../../access/records/kinds.ts';
import type { UserRecord } from '../../../access/records/records.ts';
import type { Reading } from '../../../access/store/reading.ts';
import type { Stored } from '../../../access/store/stored.ts';
import type { PatchRules } from '../../../access/sign-on/scim/patch.ts';
import { iso } from '../answer-parts.ts';
import type { Resource } from './answers.ts';
import { userSchema, type ScimUser } from './schemas.ts';

/** What SCIM knows of a user and a user's record has no place for. In the user's metadata. */
interface Kept {
  readonly user_name?: string;
  readonly external_id?: string;
  readonly given_name?: string;
  readonly family_name?: string;
}
const member = 'scim';

const keptOf = ({ metadata }: UserRecord): Kept => (metadata?.[member] ?? {}) as Kept;

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

export const userRules: PatchRules = {
  // The second and third line are of SCIM, and not kept here.
  attributes: words(`
    id schemas meta groups externalId userName name displayName emails active
    nickName profileUrl title userType preferredLanguage locale timezone password
    phoneNumbers ims photos addresses entitlements roles x509Certificates`),
  several: new Set(words('emails phoneNumbers ims photos addresses entitlements roles x509Certificates')),
  readOnly: new Set(['id', 'schemas', 'meta', 'groups']),
};

/** Users as SCIM has them, with their groups. */
export const userResources = async (
  reading: Reading,
  users: readonly Stored<UserRecord>[],
  location: (id: string) => string,
): Promise<readonly Resource[]> => {
  const places = users.length === 0 ? [] : await reading.find(kinds.teamMember, { is: { user_id: users.map(({ id }) => id) } });
  const teams = new Map(
    (await reading.getAll(kinds.team, [...new Set(places.map(({ data }) => data.team_id))].slice(0, maxTeams))).map((team) => [
      team.id,
      team,
    ]),
  );
  const groupsOf = new Map<string, object[]>();
  for (const { data } of places) {
    const team = teams.get(data.team_id);
    if (!team) continue;
    const list = groupsOf.get(data.user_id) ?? [];
    groupsOf.set(data.user_id, list);
    list.push({ value: team.id, display: team.data.team_alias ?? team.id, type: 'direct' });
  }
  return users.map((user) => userResource(user, groupsOf.get(user.id) ?? [], location));
};

const maxTeams = 10_000;

const userResource = (
  { id, version, data, createdAt, updatedAt }: Stored<UserRecord>,
  groups: readonly object[],
  location: (id: string) => string,
): Resource => {
  const kept = keptOf(data);
  const { given_name: givenName, family_name: familyName } = kept;
  return {
    schemas: [userSchema],
    id,
    userName: kept.user_name ?? data.user_email ?? id,
    ...(kept.external_id !== undefined && { externalId: kept.external_id }),
    displayName: data.user_alias ?? kept.user_name ?? data.user_email ?? id,
    ...((givenName !== undefined || familyName !== undefined) && {
      name: { ...(givenName !== undefined && { givenName }), ...(familyName !== undefined && { familyName }) },
    }),
    ...(data.user_email != null && { emails: [{ value: data.user_email, type: 'work', primary: true }] }),
    active: !data.blocked,
    groups,
    meta: {
      resourceType: 'User',
      created: iso(createdAt),
      lastModified: iso(updatedAt),
      version: `W/"${version}"`,
      location: location(id),
    },
  } as Resource;
};

/** What a record becomes when SCIM says what a user is like. */
export const userRecordOf = (given: ScimUser, before: UserRecord): UserRecord => {
  const primary = given.emails?.find((each) => each.primary) ?? given.emails?.[0];
  const email = (primary?.value || (given.userName.includes('@') ? given.userName : undefined))?.toLowerCase();
  const kept: Kept = {
    user_name: given.userName,
    ...(given.externalId != null && { external_id: given.externalId }),
    ...(given.name?.givenName != null && { given_name: given.name.givenName }),
    ...(given.name?.familyName != null && { family_name: given.name.familyName }),
  };
  const alias =
    given.displayName ?? given.name?.formatted ?? ([given.name?.givenName, given.name?.familyName].filter(Boolean).join(' ') || undefined);
  const { user_email: _, user_alias: _alias, ...rest } = before;
  return {
    ...rest,
    ...(email !== undefined && { user_email: email }),
    ...(alias !== undefined && { user_alias: alias }),
    metadata: { ...before.metadata, [member]: kept },
    // Absent means active, where it was never said otherwise.
    blocked: given.active == null ? (before.blocked ?? false) : !given.active,
  };
};

/** Whether another user has this name, in any case. Names that are addresses are told apart by the database as well. */
export const nameTaken = async (reading: Reading, userName: string, except: string | undefined): Promise<boolean> => {
  const found = await reading.find(kinds.user, { anyOf: [{ is: { email: userName.toLowerCase() } }, { is: { id: userName } }] });
  return found.some(
    ({ id, data }) => id !== except && (keptOf(data).user_name ?? data.user_email ?? id).toLowerCase() === userName.toLowerCase(),
  );
};

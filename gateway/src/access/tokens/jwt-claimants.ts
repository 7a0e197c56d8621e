import { SluiceError } from 'sluice/kit';
import type { KeySettings } from '../../config/key-settings.ts';
import type { JwtSettings } from '../../config/jwt-settings.ts';
import type { UserSettings } from '../../config/user-settings.ts';
import type { Directory } from '../directory/directory.ts';
import { textAt } from '../sign-on/claim-at.ts';
import { noDatabase, type Store } from '../store/store.ts';
import type { Claimant } from './claimant.ts';
import type { JwtProof } from './jwt.ts';
import type { Lookups } from './lookups.ts';
import { joinTeam, makeTeam, makeUser, syncUser } from './provisioning.ts';
import { readClaims, type Said } from './read-claims.ts';

/** Where what tokens name is stored. */
export interface TokenStorage {
  readonly store: Store;
  readonly directory: Directory;
  readonly lookups: Lookups;
  readonly config: () => { readonly users: UserSettings; readonly keys: KeySettings };
}

/** Whom good JWTs are for, by what their claims say. */
export interface JwtClaimants {
  /** Once for a token, when it has been proved. @throws SluiceError */
  proved(proof: JwtProof, settings: JwtSettings): Promise<void>;
  /** @throws SluiceError `permission_denied`, `authentication`, `unavailable` */
  of(proof: JwtProof, settings: JwtSettings): Promise<Claimant>;
  generation(): number;
}

/** @param storage absent: there is no database, and names are all that is known */
export const createJwtClaimants = (storage: TokenStorage | undefined): JwtClaimants => {
  const saidOf = ({ claims, fields }: JwtProof, settings: JwtSettings): Said =>
    readClaims(claims, settings, { ...settings.fields, ...fields });
  return {
    generation: () => storage?.lookups.generation ?? 0,
    async proved(proof, settings) {
      if (!storage || !settings.syncUsers) return;
      if (await mappedKey(proof, settings, storage)) return;
      const said = saidOf(proof, settings);
      if (said.userId === undefined) return;
      const userId = await userOf(said, said.userId, settings, storage);
      // The role of a scope is the token's, not the person's.
      await syncUser(storage.store, userId, { role: said.as === 'proxy_admin' ? undefined : said.role, teamIds: said.allTeamIds });
    },
    async of(proof, settings) {
      const { claims } = proof;
      const keyId = storage && (await mappedKey(proof, settings, storage));
      if (keyId !== undefined) {
        const field = proof.fields.customerId ?? settings.fields.customerId;
        return {
          kind: 'jwt',
          keyId,
          teamIds: [],
          customerId: field === undefined ? undefined : textAt(claims, field),
          claims,
          mustExist: true,
        };
      }
      const said = saidOf(proof, settings);
      const { role, customerId, models, routes } = said;
      const teamIds = await teamsOf(said, settings, storage);
      const userId = storage && said.userId !== undefined ? await userOf(said, said.userId, settings, storage) : said.userId;
      if (storage && settings.joinTeam && userId !== undefined && teamIds.length > 0) await joinFirst(teamIds, userId, storage);
      return {
        kind: 'jwt',
        role,
        userId,
        teamIds,
        organizationId: said.organizationId ?? (await organizationOf(said, storage)),
        customerId,
        models,
        routes,
        claims,
        mustExist: !said.byRole,
      };
    },
  };
};

/** The key that a token counts as, by `virtual_key_claim_field`. */
const mappedKey = async ({ claims }: JwtProof, { keyClaim }: JwtSettings, { lookups }: TokenStorage): Promise<string | undefined> => {
  const value = keyClaim === undefined ? undefined : textAt(claims, keyClaim);
  const mapping = value === undefined ? undefined : await lookups.mapping(keyClaim!, value);
  // Switched off, it must not count as more than it did.
  if (mapping && !mapping.data.is_active)
    throw new SluiceError('authentication', 'The key that this token counts as is switched off for it (/jwt/key/mapping).', {
      type: 'auth_error',
    });
  return mapping?.data.key_id;
};

/** The stored user: by id, by the id at the identity provider, by an e-mail address that nobody else there has; else a new one, where they are made. */
const userOf = async (
  said: Said,
  id: string,
  settings: JwtSettings,
  { store, directory, lookups, config }: TokenStorage,
): Promise<string> => {
  if (await directory.users.get(id)) return id;
  const bySsoId = await lookups.userBySsoId(id);
  if (bySsoId) return bySsoId.id;
  const { email } = said;
  const byEmail = email === undefined ? undefined : await lookups.userByEmail(email);
  if (byEmail && (byEmail.data.sso_user_id == null || byEmail.data.sso_user_id === id || id === email)) return byEmail.id;
  if (settings.makeUsers) await makeUser(store, { id, email, role: said.as === 'proxy_admin' ? undefined : said.role }, config().users);
  return id;
};

const teamsOf = async (
  { teamIds, teamAlias }: Said,
  { makeTeams }: JwtSettings,
  storage: TokenStorage | undefined,
): Promise<readonly string[]> => {
  if (!storage) {
    if (teamAlias !== undefined) throw noDatabase();
    return teamIds;
  }
  const { store, directory, lookups, config } = storage;
  if (teamIds.length === 0 && teamAlias !== undefined) {
    const id = await lookups.teamByAlias(teamAlias);
    if (id === undefined) throw unknown('team', teamAlias);
    return [id];
  }
  // Of many groups of an identity provider few are teams: only the one that is named as such is made.
  const [first] = teamIds;
  if (makeTeams && first !== undefined && !(await directory.team(first)) && (await noneOf(teamIds, directory)))
    await makeTeam(store, first, config().keys);
  return teamIds;
};

const noneOf = async (ids: readonly string[], directory: Directory): Promise<boolean> =>
  (await Promise.all(ids.map((id) => directory.team(id)))).every((team) => !team);

const organizationOf = async ({ organizationAlias: alias }: Said, storage: TokenStorage | undefined): Promise<string | undefined> => {
  if (alias === undefined) return undefined;
  if (!storage) throw noDatabase();
  const id = await storage.lookups.organizationByAlias(alias);
  if (id === undefined) throw unknown('organisation', alias);
  return id;
};

const joinFirst = async (teamIds: readonly string[], user: string, { store, directory }: TokenStorage): Promise<void> => {
  for (const team of teamIds) {
    if (!(await directory.team(team))) continue;
    if (!(await directory.member(team, user))) await joinTeam(store, team, user);
    return;
  }
};

const unknown = (what: string, name: string): SluiceError =>
  new SluiceError(
    'permission_denied',
    `There is no ${what} of the name ${JSON.stringify(name.slice(0, 100))} here, or more than one, which the token names.`,
    { type: 'auth_error' },
  );

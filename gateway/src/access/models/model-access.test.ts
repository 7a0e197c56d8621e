import { describe, expect, test } from 'bun:test';
import { SluiceError } from 'sluice/kit';
import { masterPrincipal, type Principal } from '../principal.ts';
import type { KeyRecord, ObjectPermission, TeamMemberRecord, TeamRecord } from '../records/records.ts';
import type { Stored } from '../store/stored.ts';
import { ModelAccess } from './model-access.ts';

const stored = <T>(data: T, id = 'id'): Stored<T> => ({
  id,
  version: 1,
  data,
  createdAt: 0,
  createdBy: undefined,
  updatedAt: 0,
  updatedBy: undefined,
});

interface Lists {
  readonly key?: readonly string[];
  readonly keyBundles?: readonly string[];
  readonly keyPermission?: ObjectPermission;
  readonly team?: readonly string[];
  readonly teamBundles?: readonly string[];
  readonly member?: readonly string[] | null;
  readonly defaults?: readonly string[];
  readonly project?: readonly string[];
  readonly user?: readonly string[];
  readonly organization?: readonly string[];
  readonly token?: readonly string[];
  /** An object permission of one of these. */
  readonly permissionOf?: { readonly of: 'team' | 'project' | 'user' | 'organization'; readonly models: readonly string[] };
}

/** The bundles `small` and `empty` exist; what else is named is gone. */
const callerOf = (lists: Lists): Principal => {
  const principal = withLists(lists);
  if (!lists.permissionOf) return principal;
  const { of, models } = lists.permissionOf;
  const one = principal[of]!;
  return { ...principal, [of]: { ...one, data: { ...one.data, object_permission: { models } } } };
};

const withLists = (lists: Lists): Principal => ({
  ...masterPrincipal,
  kind: 'key',
  role: 'internal_user',
  key: stored<KeyRecord>({
    key_name: 'sk-...1234',
    models: lists.key ?? [],
    access_group_ids: lists.keyBundles,
    object_permission: lists.keyPermission,
  }),
  ...(lists.team && {
    team: stored<TeamRecord>({ models: lists.team, access_group_ids: lists.teamBundles, default_team_member_models: lists.defaults }),
  }),
  ...(lists.member !== undefined && {
    member: stored<TeamMemberRecord>({ team_id: 't', user_id: 'u', role: 'user', allowed_models: lists.member }),
  }),
  ...(lists.project && { project: stored({ team_id: 't', models: lists.project }) }),
  ...(lists.user && { user: stored({ user_role: 'internal_user' as const, models: lists.user }) }),
  ...(lists.organization && { organization: stored({ organization_alias: 'o', models: lists.organization }) }),
  ...(lists.token && { tokenModels: lists.token }),
  bundles: [
    stored({ access_group_name: 'small', access_model_names: ['mini', 'nano-*'] }, 'small'),
    stored({ access_group_name: 'empty', access_model_names: [] }, 'empty'),
  ],
});

const groups: Readonly<Record<string, readonly string[]>> = { big: ['beta'], opus: ['beta', 'slow'] };
const accessOf = (lists: Lists) => new ModelAccess(callerOf(lists), (model) => groups[model] ?? []);
const all = ['mini', 'nano-1', 'big', 'opus', 'openai/gpt', 'no-default-models', 'beta'];
const allowed = (lists: Lists) => all.filter((model) => accessOf(lists).may(model)).join(' ');
const everything = all.join(' ');

describe('a list of models', () => {
  test('that is empty, or absent, says nothing', () => {
    expect(allowed({})).toBe(everything);
    expect(allowed({ key: [], team: [], project: [], organization: [], user: [] })).toBe(everything);
    expect([accessOf({}).isOpen, accessOf({ key: ['mini'] }).isOpen, accessOf({ team: ['mini'] }).isOpen]).toEqual([true, false, false]);
  });

  test('has names, patterns, groups of the configuration, and words', () => {
    expect(allowed({ key: ['mini'] })).toBe('mini');
    expect(allowed({ key: ['nano-*', 'openai/*'] })).toBe('nano-1 openai/gpt');
    expect(allowed({ key: ['*'] })).toBe(everything);
    // A group's name lets its models through, and whatever has that very name.
    expect(allowed({ key: ['beta'] })).toBe('big opus beta');
    expect(allowed({ key: ['slow'] })).toBe('opus');
    expect(allowed({ key: ['no-such-group'] })).toBe('');
    expect(allowed({ key: ['all-proxy-models'] })).toBe(everything);
    expect(allowed({ key: ['no-default-models'] })).toBe('');
    expect(allowed({ key: ['no-default-models', 'mini'] })).toBe('mini');
  });

  test('that says "all of my team" leaves it to the team', () => {
    expect(allowed({ key: ['all-team-models'], team: ['mini'] })).toBe('mini');
    expect(allowed({ key: ['all-team-models'], team: [] })).toBe(everything);
    expect(allowed({ key: ['all-team-models', 'big'], team: ['mini'] })).toBe('mini');
  });
});

describe('bundles', () => {
  test('add to a list, and are one where there is no other', () => {
    expect(allowed({ key: ['big'], keyBundles: ['small'] })).toBe('mini nano-1 big');
    expect(allowed({ keyBundles: ['small'] })).toBe('mini nano-1');
    expect(allowed({ team: [], teamBundles: ['small'] })).toBe('mini nano-1');
    expect(allowed({ keyBundles: [] })).toBe(everything);
  });

  test('that are empty or gone give nothing, and not everything', () => {
    expect(allowed({ keyBundles: ['empty'] })).toBe('');
    expect(allowed({ keyBundles: ['gone'] })).toBe('');
    expect(allowed({ key: ['big'], keyBundles: ['gone'] })).toBe('big');
    expect(accessOf({ keyBundles: ['gone'] }).isOpen).toBe(false);
  });
});

describe('all lists of a line count', () => {
  test('each takes something away', () => {
    const lists = { key: ['mini', 'big', 'opus'], team: ['mini', 'big', 'nano-*'], organization: ['mini', 'openai/*'] };
    expect(allowed(lists)).toBe('mini');
    expect(allowed({ ...lists, project: ['big'] })).toBe('');
    expect([accessOf(lists).deniedBy('nano-1'), accessOf(lists).deniedBy('opus'), accessOf(lists).deniedBy('big')]).toEqual([
      'key',
      'team',
      'org',
    ]);
  });

  test('a member has their own list, else the team’s for members, and neither without a team', () => {
    expect(allowed({ team: [], member: ['mini'] })).toBe('mini');
    expect(allowed({ team: ['mini', 'big'], member: null, defaults: ['big'] })).toBe('big');
    expect(allowed({ team: ['mini', 'big'], member: ['mini'], defaults: ['big'] })).toBe('mini');
    expect(allowed({ team: ['mini', 'big'], member: [] })).toBe('mini big');
    // A key of the team that is no person's.
    expect(allowed({ team: ['mini', 'big'], defaults: ['big'] })).toBe('mini big');
  });

  test('a user’s own list is for their own keys', () => {
    expect(allowed({ user: ['mini'] })).toBe('mini');
    expect(allowed({ user: ['mini'], team: ['big'] })).toBe('big');
  });

  test('an object permission and a token’s scopes allow nothing where they are empty', () => {
    expect(allowed({ keyPermission: { models: ['mini'] } })).toBe('mini');
    expect(allowed({ keyPermission: { models: [] } })).toBe('');
    expect(allowed({ keyPermission: { models: null } })).toBe(everything);
    for (const of of ['team', 'project', 'user', 'organization'] as const)
      expect([of, allowed({ [of]: [], permissionOf: { of, models: ['mini'] } })]).toEqual([of, 'mini']);
    expect(allowed({ token: ['big'], key: ['mini', 'big'] })).toBe('big');
    expect(allowed({ token: [] })).toBe('');
  });
});

describe('who may not', () => {
  const types = (lists: Lists) => {
    try {
      accessOf(lists).demand('mini');
    } catch (cause) {
      return SluiceError.is(cause) ? [cause.status, cause.type, cause.param] : cause;
    }
    return undefined;
  };

  test('is told by whom, as LiteLLM tells it', () => {
    expect(types({ key: ['mini'] })).toBeUndefined();
    expect(types({ key: ['big'] })).toEqual([401, 'key_model_access_denied', 'model']);
    expect(types({ team: ['big'] })).toEqual([401, 'team_model_access_denied', 'model']);
    expect(types({ team: [], member: ['big'] })).toEqual([401, 'team_model_access_denied', 'model']);
    expect(types({ project: ['big'] })).toEqual([401, 'team_model_access_denied', 'model']);
    expect(types({ user: ['big'] })).toEqual([401, 'user_model_access_denied', 'model']);
    expect(types({ organization: ['big'] })).toEqual([401, 'org_model_access_denied', 'model']);
  });

  test('whatever the name is: long names are not kept, nor more than a few', () => {
    let looks = 0;
    const access = new ModelAccess(callerOf({ key: ['mini'] }), () => {
      looks++;
      return [];
    });
    for (let each = 0; each < 2; each++) expect(access.may('x'.repeat(100_000))).toBe(false);
    expect(looks).toBe(2);
    for (let each = 0; each < 1000; each++) access.may(`model-${each}`);
    for (let each = 0; each < 1000; each++) access.may(`model-${each}`);
    expect(looks).toBe(2 + 1000 + 800);
    expect(() => access.demand('y'.repeat(100_000))).toThrow(/^.{1,400}$/);
  });
});

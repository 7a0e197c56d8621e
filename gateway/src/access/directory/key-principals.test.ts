import { expect, test } from 'bun:test';
import { describeDatabases } from '../../../../test/kit/describe-databases.ts';
import { kinds, memberId } from '../records/kinds.ts';
import type { KeyRecord, TeamRecord } from '../records/records.ts';
import { Store } from '../store/store.ts';
import type { Writing } from '../store/writing.ts';
import { Directory } from './directory.ts';
import { KeyPrincipals } from './key-principals.ts';

const actor = { by: 'test' };
const key: KeyRecord = {
  key_name: 'sk-...1234',
  models: [],
  user_id: 'ada',
  team_id: 'blue',
  project_id: 'p',
  budget_id: 'shared',
  access_group_ids: ['small'],
};

describeDatabases('the callers behind keys', (open) => {
  const start = async () => {
    const database = await open();
    const store = new Store(database);
    let now = 0;
    let fileTeams: ReadonlyMap<string, TeamRecord> = new Map();
    const directory = new Directory({ store, now: () => now, freshMs: 1000, staleMs: 10_000, fileTeams: () => fileTeams });
    const keys = new KeyPrincipals(directory, () => now);
    const write = (work: (writing: Writing) => Promise<unknown>) => store.write(actor, work);
    await write(async (writing) => {
      await writing.insert(kinds.organization, 'acme', { organization_alias: 'Acme', models: [] });
      await writing.insert(kinds.team, 'blue', { models: [], organization_id: 'acme', access_group_ids: ['small', 'gone'] });
      await writing.insert(kinds.user, 'ada', { user_role: 'internal_user', models: [] });
      await writing.insert(kinds.teamMember, memberId('blue', 'ada'), { team_id: 'blue', user_id: 'ada', role: 'user' });
      await writing.insert(kinds.project, 'p', { team_id: 'blue', models: [] });
      await writing.insert(kinds.budget, 'shared', { max_budget: 3 });
      await writing.insert(kinds.accessGroup, 'small', { access_group_name: 'Small', access_model_names: ['mini'] });
      await writing.insert(kinds.key, 'hash', key);
    });
    return {
      store,
      directory,
      keys,
      write,
      later: (ms: number) => void (now += ms),
      teamsOfFile: (teams: Record<string, TeamRecord>) => void (fileTeams = new Map(Object.entries(teams))),
    };
  };

  test('have everybody in their line', async () => {
    const { keys, directory } = await start();
    expect(keys.peek('hash')).toBeUndefined();
    const principal = await keys.get('hash');
    expect(principal).toMatchObject({
      kind: 'key',
      role: 'internal_user',
      userId: 'ada',
      teamId: 'blue',
      organizationId: 'acme',
      projectId: 'p',
      member: { data: { role: 'user' } },
      organization: { id: 'acme' },
    });
    expect([principal?.bundles.map(({ id }) => id), principal?.budgets.map(({ id }) => id)]).toEqual([['small'], ['shared']]);
    expect([await keys.get('none'), keys.peek('none'), keys.knows('none'), keys.knows('hash')]).toEqual([
      undefined,
      undefined,
      false,
      true,
    ]);
    directory.close();
  });

  test('are the same object until something of them changes', async () => {
    const { keys, directory, write, later } = await start();
    await keys.get('hash');
    const first = keys.peek('hash');
    expect(first).toBeDefined();
    expect(keys.peek('hash')).toBe(first!);
    // Somebody else's change, and a second look that finds nothing new.
    await write((writing) => writing.insert(kinds.user, 'bob', { user_role: 'internal_user', models: [] }));
    expect(keys.peek('hash')).toBe(first!);
    later(1500);
    expect(keys.peek('hash')).toBe(first!);
    await Bun.sleep(50);
    later(300);
    expect(keys.peek('hash')).toBe(first!);
    directory.close();
  });

  test('are others as soon as anything in their line changes', async () => {
    const { keys, directory, write } = await start();
    const changes: ((writing: Writing) => Promise<unknown>)[] = [
      (writing) => writing.update(kinds.key, 'hash', (data) => ({ ...data, blocked: true })),
      (writing) => writing.update(kinds.team, 'blue', (data) => ({ ...data, blocked: true })),
      (writing) => writing.update(kinds.user, 'ada', (data) => ({ ...data, user_role: 'internal_user_viewer' as const })),
      (writing) => writing.update(kinds.teamMember, memberId('blue', 'ada'), (data) => ({ ...data, role: 'admin' as const })),
      (writing) => writing.update(kinds.project, 'p', (data) => ({ ...data, models: ['mini'] })),
      (writing) => writing.update(kinds.organization, 'acme', (data) => ({ ...data, max_budget: 1 })),
      (writing) => writing.update(kinds.budget, 'shared', (data) => ({ ...data, max_budget: 4 })),
      (writing) => writing.update(kinds.accessGroup, 'small', (data) => ({ ...data, access_model_names: [] })),
      (writing) => writing.insert(kinds.accessGroup, 'gone', { access_group_name: 'Back', access_model_names: ['nano'] }),
      (writing) => writing.remove(kinds.budget, 'shared'),
      (writing) => writing.remove(kinds.teamMember, memberId('blue', 'ada')),
      (writing) => writing.remove(kinds.project, 'p'),
      (writing) => writing.remove(kinds.user, 'ada'),
      (writing) => writing.remove(kinds.team, 'blue'),
    ];
    for (const change of changes) {
      await keys.get('hash');
      const before = keys.peek('hash');
      expect(before).toBeDefined();
      await write(change);
      // Told before the transaction returned.
      expect(keys.peek('hash')).toBeUndefined();
      const after = await keys.get('hash');
      expect(JSON.stringify(after)).not.toBe(JSON.stringify(before));
      expect(JSON.stringify(keys.peek('hash'))).toBe(JSON.stringify(after));
    }
    await write((writing) => writing.remove(kinds.key, 'hash'));
    expect([keys.peek('hash'), await keys.get('hash')]).toEqual([undefined, undefined]);
    directory.close();
  });

  test('of a user that is gone have nobody’s role, and of a team that is gone no organization', async () => {
    const { keys, directory, write } = await start();
    await write(async (writing) => {
      await writing.remove(kinds.user, 'ada');
      await writing.remove(kinds.team, 'blue');
    });
    const principal = await keys.get('hash');
    expect([principal?.role, principal?.userId, principal?.organizationId, principal?.team]).toEqual([
      undefined,
      'ada',
      undefined,
      undefined,
    ]);
    directory.close();
  });

  test('are of the file’s team where it has one by that name', async () => {
    const { keys, directory, teamsOfFile } = await start();
    teamsOfFile({ blue: { models: ['mini'] } });
    const principal = await keys.get('hash');
    expect([principal?.team?.data.models, principal?.organizationId]).toEqual([['mini'], undefined]);
    const first = keys.peek('hash');
    expect(keys.peek('hash')).toBe(first!);
    teamsOfFile({ blue: { models: ['nano'] } });
    directory.configured();
    expect(keys.peek('hash')?.team?.data.models).toEqual(['nano']);
    teamsOfFile({});
    directory.configured();
    expect(((await keys.get('hash')) ?? first)?.team?.data.organization_id).toBe('acme');
    directory.close();
  });

  test('places of a person are known, and told of when they change', async () => {
    const { directory, write } = await start();
    expect((await directory.places.get('ada'))?.teams.map(({ data }) => data.team_id)).toEqual(['blue']);
    await write((writing) =>
      writing.insert(kinds.organizationMember, memberId('acme', 'ada'), { organization_id: 'acme', user_id: 'ada', role: 'org_admin' }),
    );
    expect((await directory.places.get('ada'))?.organizations.map(({ data }) => data.role)).toEqual(['org_admin']);
    // Ids may hold what separates them.
    await write((writing) =>
      writing.insert(kinds.teamMember, memberId('a:b/c', 'x:y %'), { team_id: 'a:b/c', user_id: 'x:y %', role: 'user' }),
    );
    expect((await directory.places.get('x:y %'))?.teams.length).toBe(1);
    await write((writing) => writing.remove(kinds.teamMember, memberId('a:b/c', 'x:y %')));
    expect((await directory.places.get('x:y %'))?.teams.length).toBe(0);
    directory.close();
  });

  test('what another gateway changes is heard of', async () => {
    const database = await open();
    const here = new Store(database);
    const there = new Store(await open.another(open.urlOf(database)));
    const directory = new Directory({ store: here, now: Date.now });
    const keys = new KeyPrincipals(directory, Date.now);
    await there.write(actor, (writing) => writing.insert(kinds.key, 'hash', { key_name: 'sk-...1234', models: [] }));
    // Known for good once the word of its making has come.
    while (!keys.peek('hash')) {
      await keys.get('hash');
      await Bun.sleep(300);
    }
    await there.write(actor, (writing) => writing.remove(kinds.key, 'hash'));
    const startedAt = performance.now();
    while (keys.peek('hash') && performance.now() - startedAt < 5000) await Bun.sleep(5);
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(await keys.get('hash')).toBeUndefined();
    directory.close();
  });
});

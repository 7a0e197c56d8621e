import { expect, test } from 'bun:test';
import { describeAdmin, type TestAdmin } from '../../../../../test/kit/admin.ts';
import { hashKey } from '../../../access/keys/secret.ts';
import { kinds } from '../../../access/records/kinds.ts';

const type = { 'content-type': 'application/scim+json' };
const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User';
const groupSchema = 'urn:ietf:params:scim:schemas:core:2.0:Group';

const createUser = (admin: TestAdmin, userName: string, more: Record<string, unknown> = {}) =>
  admin.call('POST /scim/v2/Users', { schemas: [userSchema], userName, ...more }, { headers: type });

const keyOf = async (admin: TestAdmin, userId: string, more: Record<string, unknown> = {}) => {
  const key = `sk-scim-${crypto.randomUUID()}`;
  await admin.store.write({ by: 'test' }, (writing) =>
    writing.insert(kinds.key, hashKey(key), { key_name: 'sk-...', models: [], user_id: userId, ...more }),
  );
  return key;
};

describeAdmin('SCIM: users', (start) => {
  test('are made, read, replaced, changed and deleted', async () => {
    const admin = await start();
    const made = await createUser(admin, 'Ada@Example.com', {
      externalId: 'x1',
      name: { givenName: 'Ada', familyName: 'L' },
      active: true,
    });
    expect([made.status, made.headers.get('content-type')]).toEqual([201, 'application/scim+json; charset=utf-8']);
    const { id, meta } = made.json;
    expect(made.headers.get('location')).toBe(`${admin.url}/scim/v2/Users/${id}`);
    expect(made.headers.get('etag')).toBe(meta.version);
    expect(made.json).toMatchObject({
      schemas: [userSchema],
      userName: 'Ada@Example.com',
      externalId: 'x1',
      displayName: 'Ada L',
      active: true,
      emails: [{ value: 'ada@example.com', primary: true }],
      meta: { resourceType: 'User' },
    });
    const user = await admin.store.get(kinds.user, id);
    expect([user!.data.user_email, user!.data.user_role]).toEqual(['ada@example.com', 'internal_user_viewer']);

    const patched = await admin.call(
      `PATCH /scim/v2/Users/${id}`,
      {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
        Operations: [{ op: 'Replace', path: 'name.familyName', value: 'Lovelace' }],
      },
      { headers: type },
    );
    expect([patched.status, patched.json.name.familyName, patched.json.externalId]).toEqual([200, 'Lovelace', 'x1']);
    const put = await admin.call(`PUT /scim/v2/Users/${id}`, { schemas: [userSchema], userName: 'ada2@example.com' }, { headers: type });
    expect([put.status, put.json.userName, put.json.externalId, put.json.emails[0].value]).toEqual([
      200,
      'ada2@example.com',
      undefined,
      'ada2@example.com',
    ]);

    expect((await admin.call(`DELETE /scim/v2/Users/${id}`)).status).toBe(204);
    const gone = await admin.call(`GET /scim/v2/Users/${id}`);
    expect([gone.status, gone.json.schemas, gone.json.status]).toEqual([404, ['urn:ietf:params:scim:api:messages:2.0:Error'], '404']);
    await admin.stop();
  });

  test('a name is there once, in any case; what is no user is refused in SCIM’s words', async () => {
    const admin = await start();
    expect((await createUser(admin, 'plain-name')).status).toBe(201);
    expect((await createUser(admin, 'b@example.com')).status).toBe(201);
    const twice = await createUser(admin, 'B@EXAMPLE.com');
    expect([twice.status, twice.json.scimType]).toEqual([409, 'uniqueness']);
    const address = await createUser(admin, 'other', { emails: [{ value: 'b@example.com' }] });
    expect([address.status, address.json.scimType]).toEqual([409, 'uniqueness']);
    const none = await admin.call('POST /scim/v2/Users', { schemas: [userSchema] }, { headers: type });
    expect([none.status, none.json.scimType]).toEqual([400, 'invalidValue']);
    const broken = await admin.call('POST /scim/v2/Users', '{', { headers: type });
    expect([broken.status, broken.json.schemas[0]]).toEqual([400, 'urn:ietf:params:scim:api:messages:2.0:Error']);
    await admin.stop();
  });

  test('two that are made at once with one name are one', async () => {
    const admin = await start();
    const all = await Promise.all([1, 2, 3].map(() => createUser(admin, 'race@example.com')));
    expect(all.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    await admin.stop();
  });

  test('who is switched off is out at once: keys and sessions', async () => {
    const admin = await start();
    const { json } = await createUser(admin, 'off@example.com');
    const key = await keyOf(admin, json.id);
    expect((await admin.chat('gpt-4o', key)).status).toBe(200);
    const password = await Bun.password.hash('a-Password-1!', { algorithm: 'argon2id', memoryCost: 1024, timeCost: 1 });
    await admin.store.write({ by: 'test' }, (writing) => writing.update(kinds.user, json.id, (was) => ({ ...was, password })));
    const session = (await admin.call('POST /v2/login', { username: 'off@example.com', password: 'a-Password-1!' }, { key: '' })).json
      .token;
    expect((await admin.call('GET /session', undefined, { key: session })).status).toBe(200);
    // As Entra spells it.
    const off = await admin.call(
      `PATCH /scim/v2/Users/${json.id}`,
      { Operations: [{ op: 'Replace', path: 'active', value: 'False' }] },
      { headers: type },
    );
    expect([off.status, off.json.active]).toEqual([200, false]);
    expect((await admin.chat('gpt-4o', key)).status).toBe(401);
    expect((await admin.call('GET /session', undefined, { key: session })).status).toBe(401);
    expect(await admin.store.count(kinds.session, { is: { user_id: json.id } })).toBe(0);
    const on = await admin.call(
      `PATCH /scim/v2/Users/${json.id}`,
      { Operations: [{ op: 'replace', value: { active: true } }] },
      { headers: type },
    );
    expect(on.json.active).toBe(true);
    expect((await admin.chat('gpt-4o', key)).status).toBe(200);
    expect((await admin.call(`DELETE /scim/v2/Users/${json.id}`)).status).toBe(204);
    expect((await admin.chat('gpt-4o', key)).status).toBe(401);
    await admin.stop();
  });

  test('lists have pages and filters', async () => {
    const admin = await start();
    for (let at = 0; at < 7; at++) await createUser(admin, `u${at}@example.com`, { externalId: `e${at}`, active: at % 2 === 0 });
    const page = (await admin.call('GET /scim/v2/Users?startIndex=3&count=3')).json;
    expect([
      page.totalResults,
      page.startIndex,
      page.itemsPerPage,
      page.Resources.map((each: { userName: string }) => each.userName),
    ]).toEqual([7, 3, 3, ['u2@example.com', 'u3@example.com', 'u4@example.com']]);
    const find = async (filter: string, more = '') =>
      (await admin.call(`GET /scim/v2/Users?filter=${encodeURIComponent(filter)}${more}`)).json;
    expect((await find('userName eq "U3@example.com"')).totalResults).toBe(1);
    expect((await find('externalId eq "e5"')).Resources[0].userName).toBe('u5@example.com');
    expect((await find('active eq false')).totalResults).toBe(3);
    const some = await find('active eq true and userName co "example"', '&startIndex=2&count=2&attributes=userName');
    expect([some.totalResults, some.Resources]).toEqual([
      4,
      ['u2@example.com', 'u4@example.com'].map((userName) => ({ schemas: [userSchema], id: expect.any(String), userName })),
    ]);
    expect((await find('userName eq "nobody"')).totalResults).toBe(0);
    expect((await admin.call('GET /scim/v2/Users?count=0')).json).toMatchObject({ totalResults: 7, Resources: [] });
    const bad = await find('userName like "x"');
    expect(bad.scimType).toBe('invalidFilter');
    // No text of a filter gets into SQL.
    expect((await find('userName eq "\' or 1=1 --"')).totalResults).toBe(0);
    await admin.stop();
  });

  test('a version that is old changes nothing', async () => {
    const admin = await start();
    const { json } = await createUser(admin, 'v@example.com');
    const path = `/scim/v2/Users/${json.id}`;
    const same = await admin.call(`GET ${path}`, undefined, { headers: { 'if-none-match': json.meta.version } });
    expect(same.status).toBe(304);
    const change = (version: string) =>
      admin.call(
        `PATCH ${path}`,
        { Operations: [{ op: 'replace', path: 'displayName', value: version }] },
        { headers: { ...type, 'if-match': version } },
      );
    expect((await change(json.meta.version)).status).toBe(200);
    const old = await change(json.meta.version);
    expect([old.status, old.json.status]).toEqual([412, '412']);
    expect((await admin.call(`DELETE ${path}`, undefined, { headers: { 'if-match': json.meta.version } })).status).toBe(412);
    await admin.stop();
  });
});

describeAdmin('SCIM: groups', (start) => {
  test('are teams, with their members', async () => {
    const admin = await start();
    const [a, b] = await Promise.all(
      ['a@example.com', 'b@example.com'].map(async (name) => (await createUser(admin, name)).json.id as string),
    );
    const made = await admin.call(
      'POST /scim/v2/Groups',
      { schemas: [groupSchema], displayName: 'Red', externalId: 'g1', members: [{ value: a }] },
      { headers: type },
    );
    expect([made.status, made.json.members.map((each: { value: string }) => each.value)]).toEqual([201, [a]]);
    const { id } = made.json;
    expect((await admin.store.get(kinds.team, id))!.data.team_alias).toBe('Red');
    expect((await admin.call(`GET /scim/v2/Users/${a}`)).json.groups).toEqual([{ value: id, display: 'Red', type: 'direct' }]);
    const patch = (...Operations: object[]) => admin.call(`PATCH /scim/v2/Groups/${id}`, { Operations }, { headers: type });
    const members = async () =>
      (await admin.call(`GET /scim/v2/Groups/${id}`)).json.members.map((each: { value: string }) => each.value).sort();
    expect((await patch({ op: 'Add', path: 'members', value: [{ value: b }] })).status).toBe(200);
    expect(await members()).toEqual([a, b].sort());
    // Whoever leaves loses the keys that they have in it.
    const key = await keyOf(admin, a!, { team_id: id });
    expect((await admin.chat('gpt-4o', key)).status).toBe(200);
    expect(
      (await patch({ op: 'remove', path: `members[value eq "${a}"]` }, { op: 'replace', path: 'displayName', value: 'Crimson' })).json
        .displayName,
    ).toBe('Crimson');
    expect(await members()).toEqual([b]);
    expect((await admin.chat('gpt-4o', key)).status).toBe(401);
    const put = await admin.call(
      `PUT /scim/v2/Groups/${id}`,
      { schemas: [groupSchema], displayName: 'Crimson', members: [{ value: a }] },
      { headers: type },
    );
    expect([put.status, put.json.externalId, await members()]).toEqual([200, undefined, [a]]);
    const unknown = await patch({ op: 'add', path: 'members', value: [{ value: 'nobody' }] });
    expect([unknown.status, unknown.json.scimType]).toEqual([400, 'invalidValue']);
    expect(await members()).toEqual([a]);
    expect(
      (await admin.call('GET /scim/v2/Groups?filter=displayName%20eq%20%22Crimson%22&excludedAttributes=members')).json.Resources,
    ).toMatchObject([{ id }]);
    expect((await admin.call(`GET /scim/v2/Groups?filter=${encodeURIComponent(`members eq "${a}"`)}`)).json.totalResults).toBe(1);
    expect((await admin.call('POST /scim/v2/Groups', { schemas: [groupSchema], displayName: 'Crimson' }, { headers: type })).status).toBe(
      409,
    );
    expect((await admin.call(`DELETE /scim/v2/Groups/${id}`)).status).toBe(204);
    expect((await admin.call(`GET /scim/v2/Groups/${id}`)).status).toBe(404);
    expect(await admin.store.count(kinds.teamMember)).toBe(0);
    await admin.stop();
  });

  test('two changes of one group at once both happen', async () => {
    const admin = await start();
    const ids: string[] = [];
    for (let at = 0; at < 6; at++) ids.push((await createUser(admin, `m${at}@example.com`)).json.id);
    const { id } = (await admin.call('POST /scim/v2/Groups', { schemas: [groupSchema], displayName: 'Many' }, { headers: type })).json;
    await Promise.all(
      ids.map((value) =>
        admin.call(`PATCH /scim/v2/Groups/${id}`, { Operations: [{ op: 'add', path: 'members', value: [{ value }] }] }, { headers: type }),
      ),
    );
    expect((await admin.call(`GET /scim/v2/Groups/${id}`)).json.members).toHaveLength(6);
    await admin.stop();
  });
});

describeAdmin('SCIM: who may', (start) => {
  test('proxy admins, and keys that are made for it; nobody else', async () => {
    const admin = await start();
    const { json } = await createUser(admin, 'c@example.com');
    const plain = await keyOf(admin, json.id);
    const own = await keyOf(admin, json.id, { allowed_routes: ['/scim/*'] });
    const reading = await keyOf(admin, json.id, { allowed_routes: ['/scim/v2/Users'] });
    expect((await admin.call('GET /scim/v2/Users', undefined, { key: plain })).status).toBe(403);
    expect((await admin.call('GET /scim/v2/Users', undefined, { key: own })).status).toBe(200);
    expect((await admin.call('GET /scim/v2/Groups', undefined, { key: reading })).status).toBe(403);
    expect((await admin.call('GET /scim/v2/Users', undefined, { key: '' })).status).toBe(401);
    expect((await admin.chat('gpt-4o', own)).status).toBe(403);
    await admin.stop();
  });

  test('nobody but a proxy admin makes such a key (FP-34)', async () => {
    const admin = await start();
    const { json } = await createUser(admin, 'd@example.com');
    await admin.store.write({ by: 'test' }, (writing) =>
      writing.update(kinds.user, json.id, (was) => ({ ...was, user_role: 'internal_user' as const })),
    );
    const key = await keyOf(admin, json.id);
    for (const allowed_routes of [['/scim/*'], ['/scim/v2/Users'], ['/scim/v2/*', 'llm_api_routes']])
      expect((await admin.call('POST /key/generate', { allowed_routes }, { key })).status).toBe(403);
    expect((await admin.call('POST /key/generate', { allowed_routes: ['/scim/*'] })).status).toBe(200);
    await admin.stop();
  });

  test('what there is, is told', async () => {
    const admin = await start();
    const config = (await admin.call('GET /scim/v2/ServiceProviderConfig')).json;
    expect([config.patch.supported, config.filter.supported, config.etag.supported, config.bulk.supported]).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect((await admin.call('GET /scim/v2/ResourceTypes')).json.totalResults).toBe(2);
    expect((await admin.call('GET /scim/v2/ResourceTypes/Group')).json.endpoint).toBe('/Groups');
    expect((await admin.call(`GET /scim/v2/Schemas/${userSchema}`)).json.name).toBe('User');
    expect((await admin.call('GET /scim/v2/Schemas/none')).status).toBe(404);
    await admin.stop();
  });
});

import { describe, expect, test } from 'bun:test';
import { FilterProblem, parseFilter } from './filter.ts';
import { matches } from './matches.ts';
import { patched, PatchProblem, type PatchOperation, type PatchRules } from './patch.ts';

const ada = {
  id: 'A',
  userName: 'ada@example.com',
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  emails: [
    { value: 'ada@example.com', type: 'work', primary: true },
    { value: 'ada@home.example', type: 'home' },
  ],
  active: true,
  externalId: 'X-1',
};

describe('filters', () => {
  for (const [filter, expected] of [
    ['userName eq "ADA@example.com"', true],
    ['externalId eq "x-1"', false],
    ['externalId eq "X-1"', true],
    ['name.familyName co "love" and active eq true', true],
    ['active eq "True"', true],
    ['active eq false or userName sw "ada"', true],
    ['(active eq false or userName sw "bob") and id pr', false],
    ['not (userName ew ".com")', false],
    ['emails[type eq "home" and value co "@home"]', true],
    ['emails[type eq "home" and primary eq true]', false],
    ['emails eq "ada@home.example"', true],
    ['emails.value sw "ada@home"', true],
    ['title pr', false],
    ['title ne "x"', true],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName eq "ada@example.com"', true],
    ['USERNAME EQ "ada@example.com"', true],
    ['userName eq "a\\"b"', false],
  ] as const)
    test(filter, () => expect(matches(ada, parseFilter(filter))).toBe(expected));

  for (const filter of [
    '',
    'userName',
    'userName eq',
    'userName is "x"',
    'userName eq ada',
    'userName eq "x" and',
    '(userName eq "x"',
    'emails[type eq "x"',
    'a eq "x" b',
    '"x" eq "y"',
    `${'('.repeat(500)}a pr`,
    'x'.repeat(5000),
  ])
    test(`no filter: ${filter.slice(0, 30)}`, () => expect(() => parseFilter(filter)).toThrow(FilterProblem));

  test('takes a time that grows with its length (ReDoS)', () => {
    const startedAt = performance.now();
    for (const text of ['"\\'.repeat(2000), `a eq "${'\\'.repeat(4000)}`, ' '.repeat(4096), 'a.'.repeat(2000)])
      expect(() => parseFilter(text)).toThrow(FilterProblem);
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});

const rules: PatchRules = {
  attributes: ['id', 'userName', 'name', 'emails', 'active', 'externalId', 'members'],
  several: new Set(['emails', 'members']),
  readOnly: new Set(['id']),
};
const patch = (resource: Record<string, unknown>, ...operations: PatchOperation[]) => patched(resource, operations, rules);

describe('operations', () => {
  test('replace by path, by dotted path and without one', () => {
    expect(patch(ada, { op: 'replace', path: 'active', value: false })['active']).toBe(false);
    expect(patch(ada, { op: 'replace', path: 'NAME.givenname', value: 'A.' })['name']).toEqual({ givenName: 'A.', familyName: 'Lovelace' });
    const many = patch(ada, {
      op: 'replace',
      value: { active: false, 'name.familyName': 'King', id: 'ignored', 'urn:x:enterprise:2.0:User:department': 'd' },
    });
    expect([many['active'], many['name'], many['id']]).toEqual([false, { givenName: 'Ada', familyName: 'King' }, 'A']);
    // What was given is not changed.
    expect(ada.active).toBe(true);
  });

  test('values that are looked for', () => {
    const work = patch(ada, { op: 'replace', path: 'emails[type eq "work"].value', value: 'new@example.com' });
    expect((work['emails'] as { value: string }[])[0]!.value).toBe('new@example.com');
    const made = patch({}, { op: 'add', path: 'emails[type eq "work"].value', value: 'x@example.com' });
    expect(made['emails']).toEqual([{ type: 'work', value: 'x@example.com' }]);
    expect(patch(ada, { op: 'remove', path: 'emails[type eq "home"]' })['emails']).toHaveLength(1);
  });

  test('members come and go in each way that clients have for it', () => {
    const group = { members: [{ value: 'a' }, { value: 'b' }] };
    expect(patch(group, { op: 'add', path: 'members', value: [{ value: 'b' }, { value: 'c' }] })['members']).toHaveLength(3);
    expect(patch(group, { op: 'remove', path: 'members[value eq "a"]' })['members']).toEqual([{ value: 'b' }]);
    expect(patch(group, { op: 'remove', path: 'members', value: [{ value: 'a' }] })['members']).toEqual([{ value: 'b' }]);
    expect(patch(group, { op: 'remove', path: 'members' })['members']).toBeUndefined();
    expect(patch(group, { op: 'replace', value: { members: [{ value: 'z' }] } })['members']).toEqual([{ value: 'z' }]);
  });

  for (const [name, operation, scimType] of [
    ['an attribute that there is none of', { op: 'replace', path: 'nope', value: 1 }, 'invalidPath'],
    ['a path that is none', { op: 'replace', path: 'emails[', value: 1 }, 'invalidPath'],
    ['one that cannot change', { op: 'replace', path: 'id', value: 'B' }, 'mutability'],
    ['a remove of nothing', { op: 'remove' }, 'noTarget'],
    ['no object', { op: 'add', value: 'x' }, 'invalidValue'],
    ['what would reach into objects', { op: 'add', path: '__proto__', value: { admin: true } }, 'invalidPath'],
  ] as const)
    test(name, () => {
      const run = () => patch(ada, operation as PatchOperation);
      expect(run).toThrow(PatchProblem);
      expect(() => run()).toThrow(expect.objectContaining({ scimType }));
    });
});

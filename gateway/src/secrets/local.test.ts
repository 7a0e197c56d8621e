import { expect, test } from 'bun:test';
import { testWorld } from '../../../test/kit/secret-managers/world.ts';
import { failure, opened, reading } from './testing.ts';

test('a file for each secret, as Docker mounts them', async () => {
  const world = testWorld({
    files: { '/run/secrets/OPENAI_API_KEY': 'sk-1\n', '/run/secrets/master_key': 'm-1', '/run/secrets/TWO': 'a\nb\n' },
  });
  const manager = await opened('local', {}, world);
  expect(await reading(manager, 'OPENAI_API_KEY')).toBe('sk-1');
  expect(await reading(manager, 'MASTER_KEY')).toBe('m-1');
  expect(await reading(manager, 'TWO')).toBe('a\nb');
  expect(await reading(manager, 'OTHER')).toBeUndefined();
});

test('a name leads nowhere else', async () => {
  const world = testWorld({ files: { '/run/passwd': 'x', '/run/secrets/../passwd': 'x', '/run/secrets/..': 'x' } });
  const manager = await opened('local', { directory: '/run/secrets/' }, world);
  for (const name of ['../passwd', '..', '.', '/run/passwd', 'a/b']) expect(await reading(manager, name)).toBeUndefined();
});

test('a file that may not be read is no missing one', async () => {
  const world = { ...testWorld(), readText: () => Promise.reject(Object.assign(new Error('canary'), { code: 'EACCES' })) };
  expect(await failure(await opened('local', {}, world), 'A')).toBe('its file in /run/secrets cannot be read (EACCES)');
});

import { expect, test } from 'bun:test';
import { SluiceError } from 'sluice/kit';
import type { CustomAuth } from '../../config/custom-auth.ts';
import { callerOf, tokensOf } from './testing.ts';

const ask = (customAuth: CustomAuth, presented: string | undefined = 'badge', settings = '{}') =>
  tokensOf(`custom_auth_settings: ${settings}`, { hooks: { customAuth }, isMaster: (key) => key === 'sk-master' })
    .identify(callerOf(presented, { headers: { 'x-a': 'b' }, address: '192.0.2.1', path: '/v1/messages' }))
    .catch((cause: unknown) => (SluiceError.is(cause) ? cause : Promise.reject(cause as Error)));

test('it gets the request, and says who calls', async () => {
  let got: unknown;
  const found = await ask((request, presented) => {
    got = [request.headers.get('x-a'), request.method, request.path, request.address, presented];
    return { userId: 'ada', teamId: 'ops', userRole: 'internal_user', models: ['gpt-4o'], customerId: 'c' };
  });
  expect(got).toEqual(['b', 'POST', '/v1/messages', '192.0.2.1', 'badge']);
  expect(found).toMatchObject({
    kind: 'custom',
    userId: 'ada',
    teamId: 'ops',
    role: 'internal_user',
    tokenModels: ['gpt-4o'],
    customerId: 'c',
  });
});

test('the same identity is the same object', async () => {
  const { identify } = tokensOf('{}', { hooks: { customAuth: async () => ({ userId: 'ada' }) } });
  expect(await identify(callerOf('a'))).toBe((await identify(callerOf('b')))!);
});

test('undefined: refused where it alone decides, and the next way where it does not', async () => {
  expect(await ask(() => undefined)).toMatchObject({ code: 'authentication' });
  expect(await ask(() => undefined, undefined)).toMatchObject({ code: 'authentication' });
  expect(await ask(() => undefined, 'badge', '{ mode: auto }')).toBeUndefined();
});

test('errors are what they are: 401 and 403 as it says, else 500 without its words', async () => {
  const thrown = (error: unknown, settings?: string) =>
    ask(
      async () => {
        throw error;
      },
      'badge',
      settings,
    );
  const refusal = Object.assign(new Error('Not today.'), { status: 401 });
  expect(await thrown(refusal)).toMatchObject({ code: 'authentication', message: 'Not today.' });
  expect(await thrown(refusal, '{ mode: auto }')).toBeUndefined();
  expect(await thrown(Object.assign(new Error('No.'), { status: 403 }), '{ mode: auto }')).toMatchObject({ code: 'permission_denied' });
  const broken = (await thrown(new Error('password=hunter2'))) as SluiceError;
  expect([broken.code, broken.message.includes('hunter2')]).toEqual(['internal', false]);
  expect(await thrown(new Error('x'), '{ mode: auto }')).toMatchObject({ code: 'internal' });
  expect(await thrown('a text')).toMatchObject({ code: 'internal' });
});

test('what says nobody is a mistake and never somebody', async () => {
  for (const said of [{ user_id: 'ada' }, { userId: '' }, { userRole: 'god' }, [], 7, true, { models: 'gpt-4o' }])
    expect(await ask(() => said as never)).toMatchObject({ code: 'internal' });
});

test('it has so long and no longer', async () => {
  expect(await ask(() => new Promise(() => {}), 'badge', '{ timeout: 0.05 }')).toMatchObject({ code: 'unavailable', status: 503 });
});

test('a text is the key to go on with', async () => {
  expect(await ask(() => 'sk-master')).toMatchObject({ kind: 'master' });
  expect(await ask(() => 'sk-another')).toMatchObject({ code: 'authentication' });
});

test('mode off: it is not asked', async () => {
  const { tokens } = tokensOf('{}');
  expect(tokens.ways()).toEqual([]);
});

import { describe, expect, test } from 'bun:test';
import { SluiceError } from 'sluice/kit';
import { subjectFields, xfccFields } from './certificate-fields.ts';
import { callerOf, tokensOf } from './testing.ts';

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    (found) => found,
    (cause: unknown) => (SluiceError.is(cause) ? cause.code : cause),
  );

describe('headers of a trusted proxy', () => {
  const { identify } = tokensOf(`
trusted_proxy_ranges: [10.0.0.0/8]
use_x_forwarded_for: true
enable_oauth2_proxy_auth: true
oauth2_config_mappings: { user_id: X-User, user_email: X-Email, team_id: X-Team, end_user_id: X-Customer, models: X-Models }
`);
  const headers = { 'x-user': 'ada', 'x-team': 'ops', 'x-models': 'gpt-4o, claude', 'x-customer': 'c' };

  test('they say who it is, the same object each time', async () => {
    const caller = callerOf(undefined, { headers, peer: '10.1.2.3' });
    const found = await identify(caller);
    expect(found).toMatchObject({
      kind: 'proxy',
      userId: 'ada',
      teamId: 'ops',
      tokenModels: ['gpt-4o', 'claude'],
      customerId: 'c',
      role: undefined,
    });
    expect(await identify(caller)).toBe(found!);
    expect(await identify(callerOf(undefined, { headers: { 'x-email': 'Ada@Acme.test' }, peer: '::ffff:10.1.2.3' }))).toMatchObject({
      userId: 'ada@acme.test',
    });
    expect(await identify(callerOf(undefined, { headers: { 'x-customer': 'c' }, peer: '10.1.2.3' }))).toBeUndefined();
  });

  test('from anybody else they are refused, wherever that one says that it is', async () => {
    for (const peer of ['203.0.113.9', '127.0.0.1', '11.0.0.1', 'x'])
      expect(
        await codeOf(identify(callerOf(undefined, { headers: { ...headers, 'x-forwarded-for': '10.0.0.1' }, peer, address: '10.0.0.1' }))),
      ).toBe('authentication');
    const unknown = { ...callerOf(undefined, { headers }), peer: undefined };
    expect(await codeOf(identify(unknown))).toBe('authentication');
    // With another token beside them as well.
    expect(await codeOf(identify(callerOf('opaque', { headers, peer: '203.0.113.9' })))).toBe('authentication');
  });

  test('pages of other sites do nothing in the name of who looks at them; programs and own pages do', async () => {
    const ask = (more: Record<string, string>, method = 'POST') =>
      codeOf(identify({ ...callerOf(undefined, { headers: { ...headers, ...more }, peer: '10.1.2.3' }), method }));
    const cross: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: 'https://evil.acme.test' },
      { origin: 'https://evil.test', host: 'gate.test' },
      { origin: 'null', host: 'gate.test' },
    ];
    for (const each of cross) expect(await ask(each)).toBe('permission_denied');
    expect(await ask({ 'sec-fetch-site': 'cross-site', upgrade: 'websocket' }, 'GET')).toBe('permission_denied');
    const own: Record<string, string>[] = [{}, { 'sec-fetch-site': 'same-origin' }, { origin: 'https://gate.test', host: 'gate.test' }];
    for (const each of own) expect(await ask(each)).toMatchObject({ userId: 'ada' });
    expect(await ask({ 'sec-fetch-site': 'cross-site' }, 'GET')).toMatchObject({ userId: 'ada' });
  });

  test('a virtual key that is presented wins, and a header that is too long is refused', async () => {
    expect(await identify(callerOf('sk-key', { headers, peer: '203.0.113.9' }))).toBeUndefined();
    expect(await codeOf(identify(callerOf(undefined, { headers: { 'x-user': 'a'.repeat(501) }, peer: '10.0.0.1' })))).toBe(
      'authentication',
    );
  });
});

describe('client certificates', () => {
  const general = (more: string) => `
trusted_proxy_ranges: [10.0.0.0/8]
client_certificate_auth: { ${more} }
`;
  const ask = (more: string, headers: Record<string, string>, peer = '10.0.0.1', presented?: string) =>
    codeOf(tokensOf(general(more)).identify(callerOf(presented, { headers, peer })));

  test("Envoy's header, with mappings", async () => {
    const settings =
      'header: x-forwarded-client-cert, subject_field: URI, mappings: [{ match: spiffe://acme/ci/*, team_id: ci, models: [gpt-4o] }, { match: spiffe://acme/people/ada, user_id: ada }]';
    const header = (uri: string) => ({ 'x-forwarded-client-cert': `By=spiffe://acme/gate;Hash=ab;Subject="CN=x,O=\\"y\\"";URI=${uri}` });
    expect(await ask(settings, header('spiffe://acme/ci/build'))).toMatchObject({
      kind: 'proxy',
      teamId: 'ci',
      userId: undefined,
      tokenModels: ['gpt-4o'],
    });
    expect(await ask(settings, header('spiffe://acme/people/ada'))).toMatchObject({ userId: 'ada' });
    expect(await ask(settings, header('spiffe://acme/people/eve'))).toBe('authentication');
    expect(await ask(settings, header('spiffe://acme/people/ada'), '203.0.113.1')).toBe('authentication');
    // What came from further away stands before what the nearest proxy has added.
    expect(
      await ask(settings, {
        'x-forwarded-client-cert': `URI=spiffe://acme/people/ada,${header('spiffe://acme/ci/x')['x-forwarded-client-cert']}`,
      }),
    ).toMatchObject({ teamId: 'ci' });
  });

  test('a subject, which must be verified, and of which only one name counts', async () => {
    const settings = 'header: x-ssl-subject, verified_header: x-ssl-verify';
    const good = { 'x-ssl-subject': 'CN=ada,O=Acme', 'x-ssl-verify': 'SUCCESS' };
    expect(await ask(settings, good)).toMatchObject({ userId: 'ada', claims: { certificate: 'ada' } });
    expect(await ask(settings, { ...good, 'x-ssl-verify': 'FAILED' })).toBe('authentication');
    expect(await ask(settings, { 'x-ssl-subject': 'CN=ada' })).toBe('authentication');
    for (const subject of ['CN=ada,CN=root', 'O=Acme', '/CN=ada', 'CN=', 'CN="ada', 'nonsense'])
      expect(await ask(settings, { ...good, 'x-ssl-subject': subject })).toBe('authentication');
    expect(await ask(settings, {})).toBeUndefined();
    expect(await ask(settings, good, '10.0.0.1', 'sk-key')).toBeUndefined();
  });

  test('what is between quotes and behind backslashes is no attribute of its own', () => {
    const subjects: [text: string, fields: Record<string, string[]> | undefined][] = [
      ['CN=ada,O=Acme', { CN: ['ada'], O: ['Acme'] }],
      ['CN = ada , O = Acme Inc ', { CN: ['ada'], O: ['Acme Inc'] }],
      ['CN=ada\\,CN=root', { CN: ['ada,CN=root'] }],
      ['CN="ada,CN=root",O=x', { CN: ['ada,CN=root'], O: ['x'] }],
      ['CN=ada\\2CCN\\3Droot', { CN: ['ada,CN=root'] }],
      ['CN=ad\\C3\\A9', { CN: ['adé'] }],
      ['cn=ada+OU=x', { CN: ['ada'], OU: ['x'] }],
      ['2.5.4.3=ada', { '2.5.4.3': ['ada'] }],
      ['CN=ada,', undefined],
      ['CN=ada\\', undefined],
      ['CN=a"b', undefined],
      ['', undefined],
    ];
    for (const [text, fields] of subjects) {
      const found = subjectFields(text);
      expect(found && Object.fromEntries(found)).toEqual(fields as never);
    }
  });

  test("Envoy's names are not to be had by a subject", () => {
    const fields = xfccFields('Hash=real;Subject="HASH=forged,URI=forged,CN=x";URI=spiffe://a;DNS=a.test;DNS=b.test');
    expect(Object.fromEntries(fields!)).toMatchObject({ HASH: ['real'], URI: ['spiffe://a'], DNS: ['a.test', 'b.test'], CN: ['x'] });
    expect(xfccFields('Subject="CN=x;URI=spiffe://forged')).toBeUndefined();
    expect(Object.fromEntries(xfccFields('Subject="CN=a\\";URI=forged;CN=b";URI=real')!)['URI']).toEqual(['real']);
    expect(xfccFields('URI')).toBeUndefined();
  });
});

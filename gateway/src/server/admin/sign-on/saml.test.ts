import { afterEach, expect, test } from 'bun:test';
import { createSamlProvider, samlRequestOf, type Assertion } from '../../../../../test/kit/identity/saml.ts';
import { readIdpMetadata } from '../../../access/sign-on/saml/idp-metadata.ts';
import { kinds } from '../../../access/records/kinds.ts';
import { describeAdmin, type TestAdmin } from '../../../../../test/kit/admin.ts';
import { TestBrowser } from '../../../../../test/kit/identity/browser.ts';

const idp = createSamlProvider();
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const config = (more = '') => `
model_list:
  - { model_name: gpt-4o, litellm_params: { model: mock/hello } }
general_settings:
  sso:
    saml:
      idp_metadata_xml: '${idp.metadata}'
${more}
`;

describeAdmin('sign-on by SAML', (start) => {
  const withSaml = async (more = '', env: Record<string, string> = {}) => {
    const admin = await start({ config: config(more), env });
    stops.push(admin.stop);
    return admin;
  };
  const begin = async (admin: TestAdmin, browser = new TestBrowser(), base = admin.url) => {
    const started = await browser.go(`${admin.url}/sso/saml/login?return_to=/there`);
    const url = started.headers.get('location')!;
    const request = samlRequestOf(url);
    const id = /ID="([^"]+)"/.exec(request)![1]!;
    const good: Assertion = {
      audience: `${base}/sso/saml/metadata`,
      recipient: `${base}/sso/saml/acs`,
      inResponseTo: id,
      nameId: 'n-1',
      attributes: { email: ['Sam@Example.com'], displayName: ['Sam'], groups: ['g-red', 'g-x'] },
    };
    return { browser, url, request, good, relayState: new URL(url).searchParams.get('RelayState')! };
  };
  // An identity provider's page sends the form, from its own origin.
  const send = (admin: TestAdmin, browser: TestBrowser, SAMLResponse: string, RelayState?: string) =>
    browser.form(`${admin.url}/sso/saml/acs`, { SAMLResponse, ...(RelayState !== undefined && { RelayState }) }, 'https://idp.example');
  const base64 = (text: string) => Buffer.from(text).toString('base64');

  test('the gateway says who it is', async () => {
    const admin = await withSaml();
    const response = await fetch(`${admin.url}/sso/saml/metadata`);
    const text = await response.text();
    expect(text).toContain(`entityID="${admin.url}/sso/saml/metadata"`);
    expect(text).toContain(`Location="${admin.url}/sso/saml/acs"`);
    expect(text).toContain('WantAssertionsSigned="true"');
  });

  test('a person comes in with a signed assertion, and teams follow groups', async () => {
    const admin = await withSaml();
    await admin.store.write({ by: 'test' }, (writing) => writing.insert(kinds.team, 'red', { models: [], sso_groups: ['g-red'] }));
    const { browser, url, good, relayState } = await begin(admin);
    expect(url).toStartWith('https://idp.example/sso?tenant=1&x=y&');
    const done = await send(admin, browser, idp.answer(good), relayState);
    expect([done.status, done.headers.get('location')]).toEqual([303, '/there']);
    const session = (await (await browser.go(`${admin.url}/session`)).json()) as Record<string, string>;
    expect([session['user_email'], session['source']]).toEqual(['sam@example.com', 'saml']);
    const user = await admin.store.first(kinds.user, { is: { sso_id: 'n-1' } });
    expect(user!.data.user_alias).toBe('Sam');
    expect((await admin.store.find(kinds.teamMember, { is: { user_id: user!.id } })).map(({ data }) => data.team_id)).toEqual(['red']);
  });

  test('what proves nothing lets nobody in', async () => {
    const admin = await withSaml();
    const lies: Record<string, (good: Assertion) => string> = {
      unsigned: (good) => base64(idp.xml(good)),
      'only the answer around it is signed': (good) => base64(idp.sign(idp.xml(good), 'response')),
      'signed by a stranger': (good) => base64(idp.sign(idp.xml(good), 'assertion', idp.stranger)),
      'for somebody else': (good) => idp.answer({ ...good, audience: 'https://other.example' }),
      'for another address': (good) => idp.answer({ ...good, recipient: 'https://other.example/acs' }),
      'an answer to nothing inside one to something': ({ inResponseTo, ...good }) =>
        base64(idp.sign(idp.xml(good)).replace('<samlp:Response ', `<samlp:Response InResponseTo="${inResponseTo}" `)),
      'of another issuer': (good) => idp.answer({ ...good, issuer: 'https://evil.example' }),
      'run out': (good) => idp.answer({ ...good, from: -7_200_000, until: -120_000 }),
      'not yet': (good) => idp.answer({ ...good, from: 120_000, until: 300_000 }),
      'an answer to nothing': ({ inResponseTo: _, ...good }) => idp.answer(good),
      'an answer to somebody else': (good) => idp.answer({ ...good, inResponseTo: '_other' }),
      altered: (good) => base64(idp.sign(idp.xml(good)).replace('>n-1<', '>admin<')),
      'altered attributes': (good) => base64(idp.sign(idp.xml(good)).replace('Sam@Example.com', 'boss@example.com')),
      'cut off': (good) => idp.answer(good).slice(0, -8),
      'no XML': () => base64('hello'),
      'no base64': () => '%%%',
      // Signature wrapping: the signed assertion stays, somewhere, and another one takes its place.
      'wrapped: a forged one first': (good) =>
        wrap(good, (forged, signed) => signed.replace('<saml:Assertion', `${forged}<saml:Assertion`)),
      'wrapped: a forged one last': (good) =>
        wrap(good, (forged, signed) => signed.replace('</samlp:Response>', `${forged}</samlp:Response>`)),
      'wrapped: the signed one inside the forged one': (good) =>
        wrap(good, (forged, signed) => {
          const [original] = /<saml:Assertion[\s\S]*<\/saml:Assertion>/.exec(signed)!;
          return signed.replace(original, forged.replace('</saml:Assertion>', `${original}</saml:Assertion>`));
        }),
      'wrapped: the same id twice': (good) => {
        const id = '_same';
        const signed = idp.sign(idp.xml({ ...good, id }));
        const [forged] = /<saml:Assertion[\s\S]*<\/saml:Assertion>/.exec(idp.xml({ ...good, id, nameId: 'admin' }))!;
        return base64(signed.replace('<saml:Assertion', `${forged}<saml:Assertion`));
      },
    };
    const wrap = (good: Assertion, put: (forged: string, signed: string) => string): string => {
      const [forged] = /<saml:Assertion[\s\S]*<\/saml:Assertion>/.exec(idp.xml({ ...good, nameId: 'admin', attributes: {} }))!;
      return base64(put(forged, idp.sign(idp.xml(good))));
    };
    for (const [name, lie] of Object.entries(lies)) {
      const { browser, good, relayState } = await begin(admin);
      const last = await send(admin, browser, lie(good), relayState);
      expect([name, last.status]).toEqual([name, 401]);
    }
    expect(await admin.store.count(kinds.user)).toBe(0);
    const { browser, good, relayState } = await begin(admin);
    expect((await send(admin, browser, idp.answer(good), relayState)).status).toBe(303);
  });

  test('an answer is good once, for the sign-on that was begun', async () => {
    const admin = await withSaml();
    const { browser, good, relayState } = await begin(admin);
    const answer = idp.answer(good);
    expect((await send(admin, browser, answer, relayState)).status).toBe(303);
    expect((await send(admin, browser, answer, relayState)).status).toBe(401);
    expect((await send(admin, browser, answer)).status).toBe(401);
    // With the state of another sign-on, too.
    const other = await begin(admin);
    expect((await send(admin, other.browser, answer, other.relayState)).status).toBe(401);
    expect((await send(admin, new TestBrowser(), idp.answer({ ...good, inResponseTo: '_x' }), 'made-up')).status).toBe(401);
  });

  test('the same answer twice at the same time lets one in', async () => {
    const admin = await withSaml('      allow_unsolicited: true');
    const { good } = await begin(admin);
    const { inResponseTo: _, ...unsolicited } = good;
    const answer = idp.answer(unsolicited);
    const all = await Promise.all([1, 2, 3].map(() => send(admin, new TestBrowser(), answer)));
    expect(all.map(({ status }) => status).sort()).toEqual([303, 401, 401]);
  });

  test('unsolicited answers are only for who asks for them', async () => {
    const admin = await withSaml('      allow_unsolicited: true');
    const { good } = await begin(admin);
    const { inResponseTo: _, ...unsolicited } = good;
    expect((await send(admin, new TestBrowser(), idp.answer(unsolicited))).status).toBe(303);
  });

  test('by https, only the browser that began ends it', async () => {
    const admin = await withSaml('', { PROXY_BASE_URL: 'https://gateway.example' });
    const mine = await begin(admin, new TestBrowser(), 'https://gateway.example');
    expect((await send(admin, new TestBrowser(), idp.answer(mine.good), mine.relayState)).status).toBe(401);
    const again = await begin(admin, mine.browser, 'https://gateway.example');
    const done = await send(admin, again.browser, idp.answer(again.good), again.relayState);
    expect(done.status).toBe(303);
    expect(done.headers.getSetCookie()[0]).toContain('; Secure');
  });

  test('a name that does not last is none', async () => {
    const admin = await withSaml();
    const { browser, good, relayState } = await begin(admin);
    const transient = { ...good, nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' };
    const last = await send(admin, browser, idp.answer(transient), relayState);
    expect([last.status, (await last.text()).includes('lasting id')]).toEqual([401, true]);
  });
});

test('metadata is read, and what is none is told', () => {
  const read = readIdpMetadata(idp.metadata);
  expect([read.entityId, read.entryPoint, read.certificates.length]).toEqual([idp.entityId, 'https://idp.example/sso?tenant=1&x=y', 1]);
  expect(read.certificates[0]).toStartWith('-----BEGIN CERTIFICATE-----\nMII');
  expect(() => readIdpMetadata('<!DOCTYPE x [<!ENTITY a "b">]><x/>')).toThrow('document type');
  expect(() => readIdpMetadata('<x/>')).toThrow('entityID');
  expect(() => readIdpMetadata(idp.metadata.replace('use="signing"', 'use="encryption"'))).toThrow('certificate');
  expect(() => readIdpMetadata(`<!-- ${idp.metadata} -->`)).toThrow('entityID');
  const startedAt = performance.now();
  expect(() => readIdpMetadata(`<a ${'a="'.repeat(200_000)}`)).toThrow();
  expect(performance.now() - startedAt).toBeLessThan(2000);
});

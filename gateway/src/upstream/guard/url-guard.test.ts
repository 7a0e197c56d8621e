import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { SluiceError } from 'sluice/kit';
import { createUrlGuard, type GuardOptions } from './url-guard.ts';

const names: Record<string, readonly string[]> = {
  'public.example': ['93.184.215.14'],
  'six.example': ['2606:2800:220:1::1', '93.184.215.14'],
  'inside.example': ['10.1.2.3'],
  'both.example': ['93.184.215.14', '127.0.0.1'],
  'cloud.example': ['169.254.169.254'],
  'metadata.google.internal': ['169.254.169.254'],
  'mapped.example': ['::ffff:10.0.0.1'],
  'nowhere.example': [],
  'rubbish.example': ['what?'],
  localhost: ['127.0.0.1', '::1'],
};

const guard = (options: Partial<GuardOptions> = {}) =>
  createUrlGuard({
    validate: true,
    allowed: [],
    resolve: async (name) => {
      const found = names[name.replace(/\.$/, '')];
      if (!found) throw new Error(`internal resolver 10.9.8.7 says no such name`);
      return found;
    },
    ...options,
  });

const refusal = async (url: string, options?: Partial<GuardOptions>): Promise<string> => {
  try {
    await guard(options)(url);
  } catch (error) {
    expect(SluiceError.is(error) && error.code).toBe('invalid_request');
    return (error as Error).message;
  }
  throw new Error(`${url} was let through`);
};

describe('the URL guard lets through', () => {
  test.each([
    ['https://public.example/a?b=c', '93.184.215.14'],
    ['http://public.example:8080/', '93.184.215.14'],
    ['https://six.example/', '2606:2800:220:1::1'],
    ['https://93.184.215.14/', '93.184.215.14'],
    ['https://[2606:2800:220:1::1]:444/', '2606:2800:220:1::1'],
    ['HTTPS://PUBLIC.example/', '93.184.215.14'],
  ])('%s, at the address that was judged', async (url, address) => expect((await guard()(url)).address).toBe(address));
});

describe('the URL guard refuses', () => {
  test.each([
    // Addresses as they are, and as nobody writes them.
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.0.0.1/',
    'http://0177.0.0.1/',
    'http://017700000001/',
    'http://127.0.0.1./',
    'http://１２７.０.０.１/',
    'http://0/',
    'http://0.0.0.0/',
    'http://[::1]/',
    'http://[::]/',
    'http://[0:0:0:0:0:0:0:1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[64:ff9b::127.0.0.1]/',
    'http://[fd00::1]/',
    'http://[fe80::1]/',
    'http://10.0.0.1/',
    'http://100.64.0.1/',
    'http://192.168.0.1/',
    'http://172.16.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://2852039166/latest/meta-data/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    // Names.
    'http://localhost/',
    'http://LOCALHOST:8080/',
    'http://localhost./',
    'http://inside.example/',
    'http://both.example/',
    'http://cloud.example/',
    'http://mapped.example/',
    'http://metadata.google.internal/',
    'http://rubbish.example/',
  ])('%s, which is not public', async (url) => expect(await refusal(url)).toContain('is not a public one'));

  test.each([
    ['ftp://public.example/', 'only http and https'],
    ['file:///etc/passwd', 'only http and https'],
    ['gopher://public.example/', 'only http and https'],
    ['data:image/png;base64,AA==', 'only http and https'],
    ['javascript:alert(1)', 'only http and https'],
    ['https://user@public.example/', 'a user name or a password'],
    ['https://user:pass@public.example/', 'a user name or a password'],
    ['https://public.example@127.0.0.1/', 'a user name or a password'],
    ['nonsense', 'not a URL'],
    ['', 'not a URL'],
    ['http://', 'not a URL'],
    ['http://[::1', 'not a URL'],
    ['http://[fe80::1%25eth0]/', 'not a URL'],
    ['http://999.1.1.1/', 'not a URL'],
    [`https://public.example/${'a'.repeat(9000)}`, 'longer than'],
    ['https://nowhere.example/', 'cannot be resolved'],
    ['https://unknown.example/', 'cannot be resolved'],
  ])('%.60s: %s', async (url, why) => expect(await refusal(url)).toContain(why));

  test('a name that takes too long, and says nothing of the network in any message', async () => {
    const slow = await refusal('https://public.example/', { resolve: () => new Promise(() => {}), resolveTimeoutMs: 10 });
    expect(slow).toContain('cannot be resolved');
    for (const url of ['https://unknown.example/', 'http://inside.example/']) expect(await refusal(url)).not.toMatch(/10\.\d/);
  });

  test('every spelling of a number that the URL parser takes for a loopback address', async () => {
    const spell = (part: number, base: number) =>
      base === 8 ? `0${part.toString(8)}` : base === 16 ? `0x${part.toString(16)}` : String(part);
    const base = fc.constantFrom(8, 10, 16);
    await fc.assert(
      fc.asyncProperty(fc.tuple(base, base, base, base), fc.nat(0xffffff), fc.constantFrom(1, 2, 3, 4), async (bases, rest, count) => {
        const bytes = [127, (rest >> 16) & 255, (rest >> 8) & 255, rest & 255];
        const parts = bytes.slice(0, count - 1).map((byte, index) => spell(byte, bases[index]!));
        const last = bytes.slice(count - 1).reduce((sum, byte) => sum * 256 + byte, 0);
        expect(await refusal(`http://${[...parts, spell(last, bases[3])].join('.')}/`)).toContain('not a public one');
      }),
    );
  });
});

describe('what the operator allows', () => {
  test.each([
    ['http://inside.example/', 'inside.example'],
    ['http://inside.example:8080/', 'inside.example'],
    ['http://inside.example:8080/', 'inside.example:8080'],
    ['http://inside.example/', 'inside.example:80'],
    ['https://inside.example/', 'INSIDE.example:443'],
    ['http://inside.example/', '*.example'],
    ['http://inside.example/', '10.0.0.0/8'],
    ['http://mapped.example/', '10.0.0.0/8'],
    ['http://127.0.0.1:8080/', '127.0.0.1'],
    ['http://127.0.0.1:8080/', '127.0.0.1:8080'],
    ['http://[::1]:443/', '[::1]:443'],
    ['http://[::1]/', '::1'],
    ['http://localhost./', 'localhost'],
    ['http://[fd00::1]/', 'fd00::/8'],
  ])('%s by %s', async (url, entry) => expect((await guard({ allowed: [entry] })(url)).url.href).toBe(new URL(url).href));

  test.each([
    ['http://inside.example:8080/', 'inside.example:80'],
    ['http://inside.example/', 'side.example'],
    ['http://inside.example/', '*.inside.example'],
    ['http://inside.example/', '192.168.0.0/16'],
    // A name that leads to an address is not the address.
    ['http://inside.example/', '10.1.2.3'],
    ['http://both.example/', '10.0.0.0/8'],
    ['http://cloud.example/', 'cloud.example'],
    ['http://cloud.example/', '0.0.0.0/0'],
    ['http://169.254.169.254/', '169.254.169.254'],
  ])('not %s by %s', async (url, entry) => expect(await refusal(url, { allowed: [entry] })).toContain('not a public one'));

  test('all but metadata where nothing is to be judged', async () => {
    expect((await guard({ validate: false })('http://inside.example/')).address).toBe('10.1.2.3');
    expect(await refusal('http://cloud.example/', { validate: false })).toContain('not a public one');
    expect(await refusal('file:///etc/passwd', { validate: false })).toContain('only http and https');
  });
});

import { expect, test } from 'bun:test';
import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { importSigningKey, signOci } from './oci-signature.ts';
import { rsaKeyFromPem } from './rsa-pem.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const pkcs1 = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();

const request = {
  method: 'POST',
  url: 'https://inference.generativeai.us-ashburn-1.oci.oraclecloud.com/20231130/actions/chat?a=b%20c',
  body: '{"text":"Grüße"}',
  contentType: 'application/json',
  keyId: 'ocid1.tenancy.oc1..t/ocid1.user.oc1..u/20:3b',
  date: new Date('2026-11-22T10:20:30Z'),
};

const signed = async (pem: string) => signOci({ ...request, key: await importSigningKey(rsaKeyFromPem(pem)) });

test('the signature is of the lines that the documents name, and another implementation accepts it', async () => {
  const headers = await signed(pkcs8);
  const hash = createHash('sha256').update(request.body).digest('base64');
  expect(headers).toMatchObject({ 'x-date': 'Sun, 22 Nov 2026 10:20:30 GMT', 'x-content-sha256': hash });
  const found = /^Signature version="1",keyId="([^"]+)",algorithm="rsa-sha256",headers="([^"]+)",signature="([^"]+)"$/.exec(
    headers['authorization']!,
  )!;
  expect(found[1]).toBe(request.keyId);
  expect(found[2]).toBe('x-date (request-target) host content-type content-length x-content-sha256');
  const lines = [
    'x-date: Sun, 22 Nov 2026 10:20:30 GMT',
    '(request-target): post /20231130/actions/chat?a=b%20c',
    'host: inference.generativeai.us-ashburn-1.oci.oraclecloud.com',
    'content-type: application/json',
    // Bytes, not characters.
    'content-length: 18',
    `x-content-sha256: ${hash}`,
  ].join('\n');
  const signature = Buffer.from(found[3]!, 'base64');
  expect(verify('RSA-SHA256', Buffer.from(lines), createPublicKey(privateKey), signature)).toBe(true);
  expect(verify('RSA-SHA256', Buffer.from(`${lines} `), createPublicKey(privateKey), signature)).toBe(false);
});

test('keys of the older form, with escaped line breaks, and with the label that the console adds', async () => {
  const wanted = await signed(pkcs8);
  for (const pem of [pkcs1, pkcs1.replaceAll('\n', String.raw`\n`), `${pkcs8}OCI_API_KEY`]) expect(await signed(pem)).toEqual(wanted);
});

test('what is no such key is said, and not shown', async () => {
  const locked = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString();
  expect(() => rsaKeyFromPem(locked)).toThrow('locked with a password');
  expect(() => rsaKeyFromPem('CANARY')).toThrow('not a private key in PEM');
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const failed = await importSigningKey(rsaKeyFromPem(other)).catch(String);
  expect(failed).toBe('Error: not an RSA private key');
});

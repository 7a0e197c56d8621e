import { createVerify, generateKeyPairSync } from 'node:crypto';
import { jsonOf, startServer, type FakeServer, type Heard } from './server.ts';

export interface FakeGoogle extends FakeServer {
  /** Values of the newest versions; null: it is disabled. */
  secrets: Map<string, string | null>;
  /** The text of a file of credentials that it takes. */
  serviceAccount: string;
  /** Tokens that were given out. */
  tokens: number;
  /** Takes none of the tokens that were given so far. */
  revokeTokens(): void;
}

const failure = (status: number, word: string) =>
  Response.json({ error: { code: status, message: 'of no interest', status: word } }, { status });
const json = (part: string): Record<string, unknown> => jsonOf(Buffer.from(part, 'base64url').toString());

/**
 * Google's token server, its machines' metadata, Secret Manager and KMS, for the project `p-1`:
 * developers.google.com/identity/protocols/oauth2/service-account, docs.cloud.google.com/secret-manager/docs/reference/rest
 * and docs.cloud.google.com/kms/docs/reference/rest, read 2026-11-22.
 */
export const startGoogle = (now: () => number): FakeGoogle => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const secrets: FakeGoogle['secrets'] = new Map();
  let taken = new Set<string>();
  const tokenOf = (): Response => {
    const value = `ya29.fake-${++fake.tokens}`;
    taken.add(value);
    return Response.json({ access_token: value, expires_in: 3600, token_type: 'Bearer' }, { headers: { 'metadata-flavor': 'Google' } });
  };

  const exchange = (body: string): Response => {
    const form = new URLSearchParams(body);
    const [head = '', claims = '', signature = ''] = (form.get('assertion') ?? '').split('.');
    const said = json(claims);
    const verified = createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(publicKey, Buffer.from(signature, 'base64url'));
    const timely = Math.abs(Number(said['iat']) * 1000 - now()) < 300_000;
    const fits = said['iss'] === 'gateway@p-1.iam.gserviceaccount.com' && said['aud'] === 'https://oauth2.googleapis.com/token';
    return verified && timely && fits ? tokenOf() : Response.json({ error: 'invalid_grant' }, { status: 400 });
  };

  const ofSecrets = ({ method, path, query, body }: Heard): Response => {
    const [, name = '', rest = ''] = /^\/v1\/projects\/p-1\/secrets\/?([^/:]*)(.*)$/.exec(path) ?? [];
    const value = secrets.get(name);
    if (method === 'POST' && name === '') {
      const id = query.get('secretId') ?? '';
      if (secrets.has(id)) return failure(409, 'ALREADY_EXISTS');
      secrets.set(id, null);
      return Response.json({ name: `projects/1/secrets/${id}` });
    }
    if (value === undefined) return failure(404, 'NOT_FOUND');
    if (method === 'DELETE') {
      secrets.delete(name);
      return Response.json({});
    }
    if (method === 'POST' && rest === ':addVersion') {
      const { data } = jsonOf(body)['payload'] as { data: string };
      secrets.set(name, Buffer.from(data, 'base64').toString());
      return Response.json({});
    }
    if (rest !== '/versions/latest:access') return failure(404, 'NOT_FOUND');
    if (value === null) return failure(400, 'FAILED_PRECONDITION');
    return Response.json({ payload: { data: Buffer.from(value).toString('base64') } });
  };

  const server = startServer((heard) => {
    const { path, headers, body } = heard;
    if (path === '/token') return exchange(body);
    if (path.startsWith('/computeMetadata/')) {
      if (headers.get('metadata-flavor') !== 'Google') return new Response('', { status: 403 });
      if (path.endsWith('/project-id')) return new Response('p-1', { headers: { 'metadata-flavor': 'Google' } });
      return tokenOf();
    }
    if (!taken.has((headers.get('authorization') ?? '').replace('Bearer ', ''))) return failure(401, 'UNAUTHENTICATED');
    if (path.startsWith('/v1/projects/p-1/secrets')) return ofSecrets(heard);
    if (path === '/v1/projects/p-1/locations/eu/keyRings/r/cryptoKeys/k:decrypt') {
      const text = Buffer.from(String(jsonOf(body)['ciphertext']), 'base64').toString();
      return Response.json({ plaintext: Buffer.from([...text].toReversed().join('')).toString('base64') });
    }
    return failure(403, 'PERMISSION_DENIED');
  });
  const fake: FakeGoogle = {
    ...server,
    secrets,
    tokens: 0,
    revokeTokens: () => void (taken = new Set()),
    serviceAccount: JSON.stringify({
      type: 'service_account',
      project_id: 'p-1',
      private_key_id: 'key-1',
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      client_email: 'gateway@p-1.iam.gserviceaccount.com',
      token_uri: 'https://oauth2.googleapis.com/token',
    }),
  };
  return fake;
};

/** The hosts of Google that the fake is. */
export const googleHosts = (url: string): Record<string, string> => ({
  'https://oauth2.googleapis.com': url,
  'http://metadata.google.internal': url,
  'https://secretmanager.googleapis.com': url,
  'https://cloudkms.googleapis.com': url,
});

import { jsonOf, startServer, type FakeServer, type Heard } from './server.ts';

export interface FakeVault extends FakeServer {
  /** `secret/team/OPENAI_API_KEY` -> its fields; null: its newest version was deleted. */
  secrets: Map<string, Record<string, unknown> | null>;
  /** Tokens that are taken, with the end of each in milliseconds of `now`. */
  tokens: Map<string, { endsAt: number; renewable: boolean; renewals: number }>;
  /** The next logins and renewals give tokens of so many seconds. */
  leaseSeconds: number;
  /** Logins so far. */
  logins: { path: string; namespace: string | null; body: Record<string, unknown> }[];
}

export interface VaultUsers {
  approle?: { mount?: string; roleId: string; secretId: string };
  cert?: { role?: string };
  jwt?: { mount: string; role: string; token: () => string };
}

/**
 * Vault's HTTP API, as far as KV engines, logins and tokens go: developer.hashicorp.com/vault/api-docs (secret/kv/kv-v1,
 * kv-v2, auth/approle, auth/cert, auth/kubernetes, auth/token), read 2026-11-22.
 */
export const startVault = (
  now: () => number,
  {
    version = 2,
    users = {},
    namespace = null,
    tls,
  }: { version?: 1 | 2; users?: VaultUsers; namespace?: string | null; tls?: Bun.TLSOptions } = {},
): FakeVault => {
  const secrets: FakeVault['secrets'] = new Map();
  const tokens: FakeVault['tokens'] = new Map();
  const logins: FakeVault['logins'] = [];
  let made = 0;
  const errors = (status: number, ...list: string[]) => Response.json({ errors: list }, { status });
  const authOf = (token: string) => {
    const seconds = fake.leaseSeconds;
    tokens.set(token, { endsAt: now() + seconds * 1000, renewable: true, renewals: tokens.get(token)?.renewals ?? 0 });
    return Response.json({ auth: { client_token: token, lease_duration: seconds, renewable: true, policies: ['default'] } });
  };

  const login = (path: string, heard: Heard): Response => {
    const body = jsonOf(heard.body);
    logins.push({ path, namespace: heard.headers.get('x-vault-namespace'), body });
    const { approle, cert, jwt } = users;
    const fits =
      (approle &&
        path === `${approle.mount ?? 'approle'}/login` &&
        body['role_id'] === approle.roleId &&
        body['secret_id'] === approle.secretId) ||
      (cert && path === 'cert/login' && body['name'] === cert.role) ||
      (jwt && path === `${jwt.mount}/login` && body['role'] === jwt.role && body['jwt'] === jwt.token());
    return fits ? authOf(`hvs.fake-token-${++made}`) : errors(400, 'invalid role or secret ID');
  };

  const handle = (heard: Heard): Response => {
    if (heard.headers.get('x-vault-request') !== 'true') return errors(412, 'missing x-vault-request');
    const path = heard.path.replace(/^\/v1\//, '');
    if (path.startsWith('auth/') && path.endsWith('/login')) return login(path.slice('auth/'.length), heard);
    const token = heard.headers.get('x-vault-token') ?? '';
    const known = tokens.get(token);
    if (!known || known.endsAt <= now()) return errors(403, 'permission denied');
    if (path === 'auth/token/lookup-self')
      return Response.json({ data: { ttl: Math.round((known.endsAt - now()) / 1000), renewable: known.renewable } });
    if (path === 'auth/token/renew-self') {
      if (!known.renewable) return errors(400, 'lease is not renewable');
      known.renewals++;
      return authOf(token);
    }
    if (namespace !== heard.headers.get('x-vault-namespace')) return errors(403, 'permission denied');
    return version === 2 ? ofVersion2(path, heard) : ofVersion1(path, heard);
  };

  const ofVersion2 = (path: string, { method, body }: Heard): Response => {
    const [mount = '', kind, ...rest] = path.split('/');
    if (kind !== 'data')
      return Response.json({ errors: [], warnings: ['Invalid path for a versioned K/V secrets engine.'] }, { status: 404 });
    const name = [mount, ...rest.map(decodeURIComponent)].join('/');
    if (method === 'POST') {
      secrets.set(name, jsonOf(body)['data'] as Record<string, unknown>);
      return Response.json({ data: { version: 1 } });
    }
    if (method === 'DELETE') {
      secrets.set(name, null);
      return new Response(null, { status: 204 });
    }
    const data = secrets.get(name);
    if (data === undefined) return errors(404);
    if (data === null) return Response.json({ data: { data: null, metadata: { deletion_time: '2026-11-22T00:00:00Z' } } }, { status: 404 });
    return Response.json({ data: { data, metadata: { version: 3 } } });
  };

  const ofVersion1 = (path: string, { method, body }: Heard): Response => {
    const name = path.split('/').map(decodeURIComponent).join('/');
    if (method === 'POST') secrets.set(name, jsonOf(body));
    if (method === 'DELETE') secrets.delete(name);
    if (method !== 'GET') return new Response(null, { status: 204 });
    const data = secrets.get(name);
    return data ? Response.json({ data }) : errors(404);
  };

  const fake: FakeVault = { ...startServer(handle, tls), secrets, tokens, logins, leaseSeconds: 3600 };
  return fake;
};

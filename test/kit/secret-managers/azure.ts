import { jsonOf, startServer, type FakeServer } from './server.ts';

export interface FakeAzure extends FakeServer {
  /** By the names that Key Vault allows; null: it is disabled. */
  secrets: Map<string, string | null>;
  /** How each token was had, in order: `secret`, `assertion`, `machine`, `app`. */
  signIns: string[];
  /** What it takes of pods. */
  assertion: string;
  revokeTokens(): void;
}

const failure = (status: number, code: string, inner?: string) =>
  Response.json({ error: { code, message: 'of no interest', ...(inner !== undefined && { innererror: { code: inner } }) } }, { status });

/**
 * Entra, managed identities and a Key Vault: learn.microsoft.com/rest/api/keyvault/secrets,
 * learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow and
 * learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token, read 2026-11-22.
 */
export const startAzure = (clientSecret: string): FakeAzure => {
  const secrets: FakeAzure['secrets'] = new Map();
  const signIns: string[] = [];
  let taken = new Set<string>();
  const tokenOf = (how: string): Response => {
    signIns.push(how);
    const value = `eyJ.fake-${signIns.length}`;
    taken.add(value);
    return Response.json({ access_token: value, expires_in: how === 'machine' ? '3600' : 3600, token_type: 'Bearer' });
  };
  const server = startServer(({ method, path, query, headers, body }) => {
    if (path === '/t-1/oauth2/v2.0/token') {
      const form = new URLSearchParams(body);
      if (form.get('scope') !== 'https://vault.azure.net/.default' || form.get('client_id') !== 'c-1')
        return Response.json({ error: 'invalid_scope' }, { status: 400 });
      if (form.get('client_secret') === clientSecret) return tokenOf('secret');
      if (form.get('client_assertion') === fake.assertion && form.get('client_assertion_type')?.endsWith(':jwt-bearer'))
        return tokenOf('assertion');
      return Response.json(
        { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret provided.' },
        { status: 401 },
      );
    }
    const isMachine =
      path === '/metadata/identity/oauth2/token' && query.get('api-version') === '2018-02-01' && headers.get('metadata') === 'true';
    const isApp = path === '/msi/token' && query.get('api-version') === '2019-08-01' && headers.get('x-identity-header') === 'app-header';
    if (isMachine || isApp)
      return query.get('resource') === 'https://vault.azure.net'
        ? tokenOf(isApp ? 'app' : 'machine')
        : Response.json({ error: 'invalid_resource' }, { status: 400 });
    if (!taken.has((headers.get('authorization') ?? '').replace('Bearer ', ''))) return failure(401, 'Unauthorized');
    const [, name = ''] = /^\/secrets\/([A-Za-z0-9-]+)$/.exec(path) ?? [];
    if (name === '' || query.get('api-version') !== '7.4') return failure(400, 'BadParameter');
    if (name === 'FORBIDDEN') return failure(403, 'Forbidden', 'ForbiddenByRbac');
    if (method === 'PUT') {
      secrets.set(name, String(jsonOf(body)['value']));
      return Response.json({ value: jsonOf(body)['value'] });
    }
    const value = secrets.get(name);
    if (value === undefined) return failure(404, 'SecretNotFound');
    if (value === null) return failure(403, 'Forbidden', 'SecretDisabled');
    if (method === 'DELETE') secrets.delete(name);
    return Response.json({ value, id: `https://v.vault.azure.net/secrets/${name}/1` });
  });
  const fake: FakeAzure = { ...server, secrets, signIns, assertion: 'pod-token', revokeTokens: () => void (taken = new Set()) };
  return fake;
};

/** The hosts of Azure that the fake is. */
export const azureHosts = (url: string): Record<string, string> => ({
  'https://login.microsoftonline.com': url,
  'https://v.vault.azure.net': url,
  'http://169.254.169.254': url,
});

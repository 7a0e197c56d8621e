import { startServer, type FakeServer } from './server.ts';

export interface FakeConjur extends FakeServer {
  /** Declared variables; null: without a value. */
  variables: Map<string, string | null>;
  signIns: number;
  revokeTokens(): void;
}

/** Conjur's REST API, account `acme`, for one host: docs.cyberark.com/conjur-open-source (developer/lp_rest_api), read 2026-11-22. */
export const startConjur = (now: () => number, apiKey: string): FakeConjur => {
  const variables: FakeConjur['variables'] = new Map();
  const tokens = new Map<string, number>();
  const server = startServer(({ method, path, headers, body }) => {
    if (path === '/authn/acme/host%2Fgateway/authenticate') {
      if (method !== 'POST' || body !== apiKey) return new Response('', { status: 401 });
      fake.signIns++;
      const token = JSON.stringify({ protected: 'e30=', payload: `n-${fake.signIns}`, signature: 's' });
      tokens.set(Buffer.from(token).toString('base64'), now() + 8 * 60_000);
      return new Response(token);
    }
    const [, token = ''] = /^Token token="([^"]+)"$/.exec(headers.get('authorization') ?? '') ?? [];
    if ((tokens.get(token) ?? 0) <= now()) return new Response('', { status: 401 });
    if (path === '/policies/acme/policy/gateway' && method === 'POST') {
      const [, name] = /^- !variable (".*")\n$/.exec(body) ?? [];
      if (name === undefined) return new Response('', { status: 422 });
      variables.set(JSON.parse(name) as string, null);
      return Response.json({ created_roles: {}, version: 1 }, { status: 201 });
    }
    const [, id] = /^\/secrets\/acme\/variable\/([^/]+)$/.exec(path) ?? [];
    const name = decodeURIComponent(id ?? '');
    if (!variables.has(name)) return new Response('', { status: 404 });
    if (method === 'POST') {
      variables.set(name, body);
      return new Response('', { status: 201 });
    }
    const value = variables.get(name);
    return typeof value === 'string' ? new Response(value) : new Response('', { status: 404 });
  });
  const fake: FakeConjur = { ...server, variables, signIns: 0, revokeTokens: () => tokens.clear() };
  return fake;
};

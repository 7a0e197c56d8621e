import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';

export interface FakeOpenid {
  readonly issuer: string;
  readonly clientId: string;
  /** What the token endpoint says next. Default: a good id token. */
  idToken: (good: JWTPayload) => Promise<string> | string;
  /** Signs with the keys of now. */
  sign(claims: JWTPayload, algorithm?: string): Promise<string>;
  /** Other keys from now on. */
  rotate(): Promise<void>;
  userinfo: Record<string, unknown>;
  /** Everything is answered with this status. */
  status: number | undefined;
  /** Bodies that the token endpoint got. */
  readonly exchanged: URLSearchParams[];
  /** How often the keys were asked for. */
  keysAsked: number;
  /** The nonce that the next id token has. */
  nonce: string;
  stop(): Promise<void>;
}

/** A provider that lies as it is told to. */
export const startFakeOpenid = async (): Promise<FakeOpenid> => {
  const clientId = 'sluice';
  let keys = await generateKeyPair('RS256', { extractable: true });
  let kid = crypto.randomUUID();
  let issuer = '';
  const server: { readonly port: number | undefined; stop(force: boolean): Promise<void> } = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    async fetch(request): Promise<Response> {
      const { pathname } = new URL(request.url);
      if (fake.status !== undefined) return new Response('no', { status: fake.status });
      if (pathname === '/.well-known/openid-configuration')
        return Response.json({
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/keys`,
          userinfo_endpoint: `${issuer}/userinfo`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256', 'none', 'HS256'],
          code_challenge_methods_supported: ['S256'],
        });
      if (pathname === '/keys') {
        fake.keysAsked++;
        return Response.json({ keys: [{ ...(await exportJWK(keys.publicKey)), kid, alg: 'RS256', use: 'sig' }] });
      }
      if (pathname === '/token') {
        fake.exchanged.push(new URLSearchParams(await request.text()));
        const now = Math.floor(Date.now() / 1000);
        const good = { iss: issuer, aud: clientId, sub: String(fake.userinfo['sub']), iat: now, exp: now + 300, nonce: fake.nonce };
        return Response.json({ access_token: 'at', token_type: 'Bearer', expires_in: 300, id_token: await fake.idToken(good) });
      }
      if (pathname === '/userinfo') return Response.json(fake.userinfo);
      return new Response('no', { status: 404 });
    },
  });
  issuer = `http://127.0.0.1:${server.port}`;
  const sign = (claims: JWTPayload, algorithm = 'RS256') =>
    new SignJWT(claims).setProtectedHeader({ alg: algorithm, kid }).sign(keys.privateKey);
  const fake: FakeOpenid = {
    issuer,
    clientId,
    idToken: (good) => sign(good),
    sign,
    async rotate() {
      keys = await generateKeyPair('RS256', { extractable: true });
      kid = crypto.randomUUID();
    },
    userinfo: { sub: 'someone' },
    status: undefined,
    exchanged: [],
    keysAsked: 0,
    nonce: '',
    stop: () => server.stop(true),
  };
  return fake;
};

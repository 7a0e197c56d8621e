import { exportJWK, generateKeyPair } from 'jose';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';
import { freePort } from '../free-port.ts';

/** Who signs in next. */
export interface Person {
  readonly sub: string;
  readonly [claim: string]: unknown;
}

export interface TestOpenid {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Claims go out in the id token too, not only from the userinfo endpoint. */
  person: Person;
  stop(): Promise<void>;
}

/** Where a provider will be: the gateway wants to know it first. */
export const freeIssuer = async (): Promise<string> => `http://127.0.0.1:${await freePort()}`;

/** A real OpenID provider (npm oidc-provider) on loopback. It asks nobody anything: whoever comes is `person`, and agrees. */
export const startOpenid = async ({ issuer, redirectUri }: { issuer: string; redirectUri: string }): Promise<TestOpenid> => {
  const clientId = 'sluice';
  const clientSecret = 'a-secret-of-the-test-client-1234567890';
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const idp: { person: Person } = { person: { sub: 'nobody' } };
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'one', alg: 'RS256', use: 'sig' }] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups', 'role'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_: unknown, interaction: { uid: string }) => `/interaction/${interaction.uid}` },
    cookies: { keys: ['a-key-of-the-test'] },
    findAccount: async (_: unknown, id: string) => ({ accountId: id, claims: async () => ({ ...idp.person, sub: id }) }),
    ttl: { AccessToken: 300, AuthorizationCode: 60, Grant: 300, IdToken: 300, Interaction: 300, Session: 300 },
  });
  const answer = provider.callback();
  const server = createServer((request, response) => {
    if (!request.url?.startsWith('/interaction/')) return answer(request, response);
    void (async () => {
      const { prompt, params, session } = await provider.interactionDetails(request, response);
      if (prompt.name === 'login')
        return provider.interactionFinished(
          request,
          response,
          { login: { accountId: idp.person.sub } },
          { mergeWithLastSubmission: false },
        );
      const grant = new provider.Grant({ accountId: session?.accountId, clientId: String(params['client_id']) });
      grant.addOIDCScope(String(params['scope']));
      return provider.interactionFinished(
        request,
        response,
        { consent: { grantId: await grant.save() } },
        { mergeWithLastSubmission: true },
      );
    })().catch((cause: unknown) => response.writeHead(500).end(String(cause)));
  });
  await new Promise<void>((resolve) => server.listen(Number(new URL(issuer).port), '127.0.0.1', resolve));
  return Object.assign(idp, {
    issuer,
    clientId,
    clientSecret,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
};

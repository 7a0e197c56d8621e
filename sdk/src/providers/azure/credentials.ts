import type { Provider, Secret, Target } from '../../types/index.ts';
import { readTextFile } from '../../lib/read-file.ts';
import { identityToken } from '../aws/credentials/index.ts';
import { bearer, missingKey, secretOption, textOption, type CredentialRequest } from '../credentials.ts';
import type { ClientCredentials, EntraTokens } from './entra.ts';

const defaultScope = 'https://cognitiveservices.azure.com/.default';
const defaultAuthority = 'https://login.microsoftonline.com';

/** Variables of what signs in to Entra. */
export const entraEnv = {
  tenant_id: ['AZURE_TENANT_ID'],
  client_id: ['AZURE_CLIENT_ID'],
  client_secret: ['AZURE_CLIENT_SECRET'],
  azure_authority: ['AZURE_AUTHORITY_HOST'],
  azure_scope: ['AZURE_SCOPE'],
} as const;

type Headers = Record<string, string>;

/** `oidc/github/...`: where a token of another provider of identities is (docs.litellm.ai/docs/oidc, read 2026-11-22). */
const isReference = (token: Secret | undefined): token is Secret => token?.reveal().startsWith('oidc/') ?? false;

const findIdentity = (reference: string): Promise<string> =>
  identityToken({ fetch: (url, init) => globalThis.fetch(url, init), readFile: readTextFile }, reference, undefined, 'azure_ad_token');

/**
 * The first credential that is there: key, token, client credentials. A token that is `oidc/...` signs the client in.
 * @param ofKey how a key goes onto a request
 * @param identityOf the token that `oidc/...` means
 */
export const azureAuth = (
  tokens: EntraTokens,
  ofKey: (key: Secret, target: Target, request: CredentialRequest) => Headers,
  identityOf: (reference: string) => Promise<string> = findIdentity,
): Required<Extract<Provider['auth'], { kind: 'custom' }>> => ({
  kind: 'custom',
  headers(target, request) {
    const { provider, apiKey } = target;
    if (apiKey) return ofKey(apiKey, target, request);
    const token = secretOption(target, 'azure_ad_token');
    if (token && !isReference(token)) return bearer(token, provider);
    const client = clientOf(target, identityOf);
    if (client) return tokens.get(client).then((value) => ({ authorization: `Bearer ${value}` }));
    throw missingKey(
      provider,
      ', or a token (AZURE_AD_TOKEN, azure_ad_token), or AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET',
    );
  },
  refused(target, { authorization }) {
    const token = secretOption(target, 'azure_ad_token');
    const client = target.apiKey || (token && !isReference(token)) ? undefined : clientOf(target, identityOf);
    return client !== undefined && tokens.forget(client, authorization);
  },
});

/** Who signs in, where that is all there. */
const clientOf = (target: Target, identityOf: (reference: string) => Promise<string>): ClientCredentials | undefined => {
  const tenantId = textOption(target, 'tenant_id');
  const clientId = textOption(target, 'client_id');
  const proof = proofOf(target, identityOf);
  if (!tenantId || !clientId || !proof) return undefined;
  const scope = textOption(target, 'azure_scope') ?? defaultScope;
  const authority = textOption(target, 'azure_authority') ?? defaultAuthority;
  return { tenantId, clientId, ...proof, scope, authority };
};

const proofOf = (
  target: Target,
  identityOf: (reference: string) => Promise<string>,
): Pick<ClientCredentials, 'assertion' | 'clientSecret'> | undefined => {
  const token = secretOption(target, 'azure_ad_token');
  if (isReference(token)) return { assertion: () => identityOf(token.reveal()) };
  const clientSecret = secretOption(target, 'client_secret');
  return clientSecret && { clientSecret };
};

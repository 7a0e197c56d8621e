import type { Provider, Secret, Target } from '../../types/index.ts';
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

/**
 * The first credential that is there: key, token, client credentials.
 * @param ofKey how a key goes onto a request
 */
export const azureAuth = (
  tokens: EntraTokens,
  ofKey: (key: Secret, target: Target, request: CredentialRequest) => Headers,
): Required<Extract<Provider['auth'], { kind: 'custom' }>> => ({
  kind: 'custom',
  headers(target, request) {
    const { provider, apiKey } = target;
    if (apiKey) return ofKey(apiKey, target, request);
    const token = secretOption(target, 'azure_ad_token');
    if (token) return bearer(token, provider);
    const client = clientOf(target);
    if (client) return tokens.get(client).then((value) => ({ authorization: `Bearer ${value}` }));
    throw missingKey(
      provider,
      ', or a token (AZURE_AD_TOKEN, azure_ad_token), or AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET',
    );
  },
  refused(target, { authorization }) {
    const client = target.apiKey || secretOption(target, 'azure_ad_token') ? undefined : clientOf(target);
    return client !== undefined && tokens.forget(client, authorization);
  },
});

/** Who signs in, where that is all there. */
const clientOf = (target: Target): ClientCredentials | undefined => {
  const tenantId = textOption(target, 'tenant_id');
  const clientId = textOption(target, 'client_id');
  const clientSecret = secretOption(target, 'client_secret');
  if (!tenantId || !clientId || !clientSecret) return undefined;
  const scope = textOption(target, 'azure_scope') ?? defaultScope;
  const authority = textOption(target, 'azure_authority') ?? defaultAuthority;
  return { tenantId, clientId, clientSecret, scope, authority };
};

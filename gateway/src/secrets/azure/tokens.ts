import { createEntraTokens, createTokenCache, firstOf, identityToken, Secret, type ClientCredentials } from 'sluice/kit';
import type { SecretManagerEntry } from '../../config/schema/secrets.ts';
import type { Ask } from '../ask.ts';
import { ManagerFailure, type SecretWorld } from '../manager.ts';
import { managedToken } from './managed-identity.ts';

export interface AzureTokens {
  /** @throws ManagerFailure, SluiceError */
  get(signal: AbortSignal): Promise<string>;
  /** Azure refused it. @returns whether `get` may give another one now */
  refused(authorization: string): boolean;
}

/**
 * Tokens for one resource of Azure: a client's secret, workload identity (a pod's token, or any that Entra trusts),
 * else the managed identity of the machine.
 * @param resource without a trailing slash: `https://vault.azure.net`
 */
export const createAzureTokens = (entry: SecretManagerEntry, world: SecretWorld, ask: Ask, resource: string): AzureTokens => {
  const { env, clock, fetch, readText } = world;
  const now = () => clock.now();
  const of = (given: string | undefined, name: string) => given ?? firstOf(env, [name]);
  const tenantId = of(entry.tenant_id, 'AZURE_TENANT_ID');
  const clientId = of(entry.client_id, 'AZURE_CLIENT_ID');
  const clientSecret = of(entry.client_secret?.reveal(), 'AZURE_CLIENT_SECRET');
  const identity = of(entry.identity_token?.reveal(), 'AZURE_FEDERATED_TOKEN_FILE');

  const common = () => {
    if (tenantId === undefined || clientId === undefined)
      throw new ManagerFailure('to sign in it needs AZURE_TENANT_ID and AZURE_CLIENT_ID (`tenant_id`, `client_id`)');
    const authority = of(entry.authority, 'AZURE_AUTHORITY_HOST') ?? 'https://login.microsoftonline.com';
    return { tenantId, clientId, scope: `${resource}/.default`, authority };
  };
  let client: ClientCredentials | undefined;
  // What is given as a setting goes before what happens to be in the environment.
  if (clientSecret !== undefined && (entry.client_secret !== undefined || entry.identity_token === undefined))
    client = { ...common(), clientSecret: new Secret(clientSecret) };
  else if (identity !== undefined)
    client = {
      ...common(),
      assertion: () => identityToken({ fetch, readFile: readText }, identity, env, 'identity_token'),
    };

  if (client) {
    const entra = createEntraTokens({ fetch, now });
    const credentials = client;
    return { get: () => entra.get(credentials), refused: (authorization) => entra.forget(credentials, authorization) };
  }
  const cache = createTokenCache(now);
  return {
    async get(signal) {
      return (await cache.get('managed', '', () => managedToken({ resource, clientId, world, ask, signal }))).value;
    },
    refused: (authorization) => cache.forget('managed', authorization),
  };
};

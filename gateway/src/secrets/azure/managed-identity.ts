import { firstOf, type FetchedToken } from 'sluice/kit';
import { odd, refusal, type Ask } from '../ask.ts';
import { ManagerFailure, word, type SecretWorld } from '../manager.ts';

interface ManagedIdentity {
  /** Without a trailing slash. */
  resource: string;
  /** Of an identity that the user made; undefined: the system's. */
  clientId: string | undefined;
  world: SecretWorld;
  ask: Ask;
  signal: AbortSignal;
}

/** Only Azure's own machines have this address, and its hosts for apps are on the machine. */
const machine = 'http://169.254.169.254/metadata/identity/oauth2/token';

/**
 * A token of the machine's identity: of App Service, Functions and Container Apps where their variables are there, else
 * of a virtual machine or a pod of AKS (learn.microsoft.com/azure/app-service/overview-managed-identity,
 * learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token, read 2026-11-22).
 */
export const managedToken = async ({ resource, clientId, world, ask, signal }: ManagedIdentity): Promise<FetchedToken> => {
  const { env, clock } = world;
  const endpoint = firstOf(env, ['IDENTITY_ENDPOINT']);
  const header = firstOf(env, ['IDENTITY_HEADER']);
  const ofApp = endpoint !== undefined && header !== undefined;
  const query = new URLSearchParams({
    'api-version': ofApp ? '2019-08-01' : '2018-02-01',
    resource,
    ...(clientId !== undefined && { client_id: clientId }),
  });
  const headers: Record<string, string> = ofApp ? { 'x-identity-header': header } : { metadata: 'true' };
  const url = `${ofApp ? endpoint : machine}?${query.toString()}`;
  const answer = await ask({ method: 'GET', url, headers }, signal).catch((cause: unknown) => {
    if (!(cause instanceof ManagerFailure)) throw cause;
    throw new ManagerFailure(
      `there is no client secret, no identity token, and no managed identity here (${cause.message}): set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET`,
      { passes: cause.passes },
    );
  });
  if (answer.status !== 200) throw refusal(answer, word(answer.value?.['error']), 'the managed identity gives no token');
  const { access_token: value, expires_in: seconds, expires_on: until } = answer.value ?? {};
  if (typeof value !== 'string' || value === '') throw odd('token');
  const lifeMs = Number(seconds) * 1000 || Number(until) * 1000 - clock.now() || 300_000;
  return { value, expiresAtMs: clock.now() + lifeMs };
};

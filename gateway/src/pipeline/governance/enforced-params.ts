import { SluiceError, type JsonObject } from 'sluice/kit';
import type { Principal } from '../../access/principal.ts';
import type { ConfigSnapshot } from '../../config/snapshot.ts';

/**
 * Members that a call must have (`metadata.generation_name`): by the gateway's settings, by those for service accounts, and by
 * its key (`enforced_params`).
 * @throws SluiceError `invalid_request` that names the first one that is missing
 */
export const demandParams = (
  principal: Principal | undefined,
  { access: { enforcedParams, enforceUserParam }, keys: { serviceAccountParams } }: Pick<ConfigSnapshot, 'access' | 'keys'>,
  body: JsonObject,
): void => {
  if (principal?.kind === 'master') return;
  const key = principal?.key?.data;
  const ofKey = key?.enforced_params ?? none;
  const ofAccount = key?.service_account ? serviceAccountParams : none;
  if (!enforceUserParam && enforcedParams.length === 0 && ofKey.length === 0 && ofAccount.length === 0) return;
  for (const path of [...(enforceUserParam ? ['user'] : []), ...enforcedParams, ...ofAccount, ...ofKey])
    if (!isThere(body, path))
      throw new SluiceError('invalid_request', `'${path}' is missing: calls with this key must have it.`, { param: path });
};

const none: readonly string[] = [];

const isThere = (body: JsonObject, path: string): boolean => {
  let value: unknown = body;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return false;
    value = (value as JsonObject)[name];
  }
  return value !== undefined && value !== null && value !== '';
};

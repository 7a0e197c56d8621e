import { SluiceError } from 'sluice/kit';
import { z } from 'zod';
import type { CustomAuth, CustomIdentity } from '../../config/custom-auth.ts';
import type { TokenSettings } from '../../config/token-settings.ts';
import type { Authenticate, Caller } from '../caller.ts';
import type { KeyPrincipals } from '../directory/key-principals.ts';
import { hashKey } from '../keys/secret.ts';
import { masterPrincipal, type Principal } from '../principal.ts';
import { userRoles } from '../records/records.ts';
import { calledHook } from './called-hook.ts';
import type { Claimant } from './claimant.ts';
import type { ClaimantPrincipals } from './claimant-principals.ts';
import { rememberedClaimants } from './remembered-claimants.ts';

export interface CustomAuthenticateOptions {
  readonly settings: () => TokenSettings['custom'];
  /** Absent: its module is not loaded. */
  readonly hook: () => CustomAuth | undefined;
  readonly principals: ClaimantPrincipals;
  /** The same without a look at what is stored. */
  readonly bare: ClaimantPrincipals;
  /** Absent: there is no database, so there are no keys. */
  readonly keys: KeyPrincipals | undefined;
  readonly isMaster: (presented: string) => boolean;
}

const id = z.string().min(1).max(500).optional();
const names = z.array(z.string().max(500)).max(10_000).optional();

const identity = z.strictObject({
  userId: id,
  userRole: z.enum(userRoles).optional(),
  teamId: id,
  organizationId: id,
  customerId: id,
  models: names,
  routes: names,
  claims: z.record(z.string(), z.unknown()).optional(),
});

/** Who calls, as a function of the operator's own says (`general_settings.custom_auth`). It is asked for every call. */
export const createCustomAuthenticate = ({ settings, hook, principals, bare, keys, isMaster }: CustomAuthenticateOptions): Authenticate => {
  const claimants = rememberedClaimants();

  const byKey = async (key: string): Promise<Principal> => {
    if (isMaster(key)) return masterPrincipal;
    const principal = await keys?.get(hashKey(key));
    if (!principal) throw new SluiceError('authentication', 'Invalid API key.', { type: 'token_not_found_in_db' });
    return principal;
  };

  const asked = async (caller: Caller, custom: NonNullable<TokenSettings['custom']>): Promise<Principal | undefined> => {
    const whoCalls = hook();
    if (!whoCalls)
      throw new SluiceError('unavailable', 'Who calls cannot be found out: the module of custom_auth is not loaded.', { retry: false });
    const { headers, method, path, presented } = caller;
    const said: unknown = await calledHook('custom_auth', custom.timeoutMs, () =>
      whoCalls({ headers, method, path, address: caller.address() }, presented),
    ).catch((cause: unknown) => {
      // Keys and tokens are still to be asked for.
      if (custom.mode === 'auto' && SluiceError.is(cause) && cause.code === 'authentication') return undefined;
      throw cause;
    });
    if (said === undefined || said === null) {
      if (custom.mode === 'auto') return undefined;
      throw new SluiceError('authentication', 'You may not call.', { type: 'auth_error' });
    }
    if (typeof said === 'string') return byKey(said);
    const { id, claimant } = claimants(claimantOf(checked(said)));
    return custom.lookUp ? principals.get(id, claimant) : bare.get(id, claimant);
  };

  return (caller) => {
    const custom = settings();
    return custom && asked(caller, custom);
  };
};

/** @throws SluiceError `internal` where it is not what it should be: a mistake of the operator's, which must not become somebody */
const checked = (said: unknown): CustomIdentity => {
  const { success, data, error } = identity.safeParse(said);
  if (success) return data;
  const [issue] = error.issues;
  throw new SluiceError('internal', 'Who calls could not be found out: custom_auth gives something that says nobody.', {
    detail: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`.slice(0, 300),
    retry: false,
  });
};

const claimantOf = ({ userId, userRole, teamId, organizationId, customerId, models, routes, claims }: CustomIdentity): Claimant => ({
  kind: 'custom',
  role: userRole,
  userId,
  teamIds: teamId === undefined ? [] : [teamId],
  organizationId,
  customerId,
  models,
  routes,
  claims,
  mustExist: false,
});

import { SluiceError } from 'sluice/kit';
import { namesIn } from '../../config/jwt-settings.ts';
import type { ProxyHeaders } from '../../config/token-settings.ts';
import type { Authenticate, Caller } from '../caller.ts';
import type { Principal } from '../principal.ts';
import { noDatabase } from '../store/store.ts';
import type { Claimant } from './claimant.ts';
import type { ClaimantPrincipals } from './claimant-principals.ts';
import type { Lookups } from './lookups.ts';
import { demandOwnPage } from './demand-own-page.ts';
import { rememberedClaimants } from './remembered-claimants.ts';
import { demandTrustedPeer } from './trusted-peer.ts';

export interface ProxyHeadersOptions {
  readonly settings: () => ProxyHeaders | undefined;
  readonly trustedProxies: () => readonly string[];
  /** Where browsers reach this gateway, as it is configured. */
  readonly publicUrl: () => string | undefined;
  readonly principals: ClaimantPrincipals;
  /** Absent: there is no database. */
  readonly lookups: Lookups | undefined;
}

const maxValue = 500;

/** Who calls, as a trusted proxy says it in headers (`oauth2_config_mappings`). A virtual key that is presented wins. */
export const createProxyHeadersAuthenticate = ({
  settings,
  trustedProxies,
  publicUrl,
  principals,
  lookups,
}: ProxyHeadersOptions): Authenticate => {
  const claimants = rememberedClaimants();
  return (caller) => {
    const headers = settings();
    if (!headers || caller.presented?.startsWith('sk-')) return undefined;
    const said = valuesOf(caller, headers);
    if (!said) return undefined;
    demandTrustedPeer(caller, trustedProxies(), 'oauth2_config_mappings');
    demandOwnPage(caller, publicUrl());
    const { userId, email, teamId, teamAlias } = said;
    if ((userId === undefined && email !== undefined) || (teamId === undefined && teamAlias !== undefined))
      return looked(said, principals, lookups, claimants);
    const { id, claimant } = claimants(claimantOf(said, userId, teamId));
    return principals.peek(id, claimant) ?? principals.get(id, claimant);
  };
};

type Values = { readonly [Member in keyof ProxyHeaders]?: string };

/** Undefined: none that says who it is. */
const valuesOf = ({ headers }: Caller, names: ProxyHeaders): Values | undefined => {
  const said: Record<string, string> = {};
  for (const [member, name] of Object.entries(names) as [keyof ProxyHeaders, string][]) {
    const value = headers.get(name)?.trim();
    if (!value) continue;
    if (value.length > maxValue)
      throw new SluiceError('authentication', `The header ${name} is longer than ${maxValue} characters.`, { type: 'auth_error' });
    said[member] = value;
  }
  return (said['userId'] ?? said['email'] ?? said['teamId'] ?? said['teamAlias']) ? said : undefined;
};

const claimantOf = ({ orgId, customerId, models }: Values, userId: string | undefined, teamId: string | undefined): Claimant => ({
  kind: 'proxy',
  userId,
  teamIds: teamId === undefined ? [] : [teamId],
  organizationId: orgId,
  customerId,
  models: models === undefined ? undefined : namesIn(models),
  mustExist: false,
});

const looked = async (
  said: Values,
  principals: ClaimantPrincipals,
  lookups: Lookups | undefined,
  claimants: ReturnType<typeof rememberedClaimants>,
): Promise<Principal> => {
  const email = said.email?.toLowerCase();
  const userId = said.userId ?? (email === undefined ? undefined : ((await lookups?.userByEmail(email))?.id ?? email));
  let teamId = said.teamId;
  if (teamId === undefined && said.teamAlias !== undefined) {
    if (!lookups) throw noDatabase();
    teamId = await lookups.teamByAlias(said.teamAlias);
    if (teamId === undefined)
      throw new SluiceError(
        'permission_denied',
        `There is no team of the name ${JSON.stringify(said.teamAlias.slice(0, 100))} here, or more than one.`,
        { type: 'auth_error' },
      );
  }
  const { id, claimant } = claimants(claimantOf(said, userId, teamId));
  return principals.get(id, claimant);
};

import type { AuthHooks } from '../../config/custom-auth.ts';
import type { KeySettings } from '../../config/key-settings.ts';
import type { TokenSettings } from '../../config/token-settings.ts';
import type { UserSettings } from '../../config/user-settings.ts';
import type { Authenticate } from '../caller.ts';
import type { Directory } from '../directory/directory.ts';
import { KeyPrincipals } from '../directory/key-principals.ts';
import type { Reach } from '../sign-on/oidc/reach.ts';
import type { Store } from '../store/store.ts';
import { ClaimantPrincipals } from './claimant-principals.ts';
import { createClientCertificateAuthenticate } from './client-certificate.ts';
import { createCustomAuthenticate } from './custom.ts';
import { jwtKind } from './jwt.ts';
import { createJwtClaimants } from './jwt-claimants.ts';
import { KeyRings } from './key-rings.ts';
import { Lookups } from './lookups.ts';
import { oauth2Kind } from './oauth2.ts';
import { createProxyHeadersAuthenticate } from './proxy-headers.ts';
import { rememberedTokens, type ResolvedTokens } from './settings.ts';
import { createTokenAuthenticate } from './token-authenticate.ts';

/** What is read of a configuration. */
export interface TokenConfig {
  readonly tokens: TokenSettings;
  readonly authHooks?: AuthHooks;
  readonly users: UserSettings;
  readonly keys: KeySettings;
  readonly signOn?: { readonly baseUrl?: string };
  readonly access: { readonly cacheFreshMs: number; readonly outageGraceMs: number; readonly trustedProxies: readonly string[] };
}

export interface TokenAuthenticatesOptions {
  /** Ways that are tried before these. */
  readonly first?: readonly Authenticate[];
  /** Absent: there is no database, and what tokens name is all that is known. */
  readonly storage?: { readonly store: Store; readonly directory: Directory } | undefined;
  /** Of now. */
  readonly config: () => TokenConfig;
  /** Reads a variable; the file's own ones first. */
  readonly env: (name: string) => string | undefined;
  readonly isMaster: (presented: string) => boolean;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** How identity providers are reached. */
  readonly reach?: Reach;
}

/** Ways to show who one is beside keys and sessions. */
export interface TokenAuthenticates {
  /** Those that are configured, in the order in which they are tried; the same list as long as the configuration says the same. */
  ways(): readonly Authenticate[];
  close(): void;
}

export const createTokenAuthenticates = ({
  first = [],
  storage,
  config,
  env,
  isMaster,
  now,
  reach = fetch,
}: TokenAuthenticatesOptions): TokenAuthenticates => {
  const settings = rememberedTokens(config, env);
  const ask: Reach = (url, init) => reach(url, init);
  const principals = new ClaimantPrincipals(storage?.directory, now);
  const { access } = config();
  const lookups = storage && new Lookups({ store: storage.store, now, freshMs: access.cacheFreshMs, staleMs: access.outageGraceMs });
  const rings = new KeyRings(ask, now);
  const claimants = createJwtClaimants(storage && lookups && { ...storage, lookups, config });
  const trustedProxies = () => config().access.trustedProxies;
  const publicUrl = () => (config().signOn?.baseUrl ?? env('PROXY_BASE_URL')) || undefined;
  const file = () => settings().file;
  const custom = createCustomAuthenticate({
    settings: () => file().custom,
    hook: () => settings().hooks.customAuth,
    principals,
    bare: new ClaimantPrincipals(undefined, now),
    keys: storage && new KeyPrincipals(storage.directory, now),
    isMaster,
  });
  const proxyHeaders = createProxyHeadersAuthenticate({
    settings: () => file().proxyHeaders,
    trustedProxies,
    publicUrl,
    principals,
    lookups,
  });
  const certificate = createClientCertificateAuthenticate({ settings: () => file().certificate, trustedProxies, publicUrl, principals });
  const jwt = createTokenAuthenticate(jwtKind({ settings, rings, reach: ask, claimants, now }), { principals, now });
  const oauth2 = createTokenAuthenticate(
    oauth2Kind({ settings: () => settings().introspection, jwtsAreTaken: () => settings().jwt !== undefined, reach: ask, now }),
    { principals, now },
  );
  // Calls with keys do not pay for what nobody has configured.
  let known: { readonly of: ResolvedTokens; readonly ways: readonly Authenticate[] } | undefined;
  return {
    ways() {
      const of = settings();
      if (known?.of === of) return known.ways;
      const ways = [
        ...first,
        ...(of.file.custom ? [custom] : []),
        ...(of.file.proxyHeaders ? [proxyHeaders] : []),
        ...(of.file.certificate ? [certificate] : []),
        ...(of.jwt ? [jwt] : []),
        ...(of.introspection ? [oauth2] : []),
      ];
      known = { of, ways };
      return ways;
    },
    close: () => lookups?.close(),
  };
};

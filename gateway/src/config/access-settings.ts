import type { Secret } from 'sluice/kit';
import type { z } from 'zod';
import { defined } from './defined.ts';
import { milliseconds } from './milliseconds.ts';
import type { generalSettings } from './schema/general-settings.ts';

/** Who may come in, and where it is written down who they are. */
export interface AccessSettings {
  /** Absent: the file names none; the command line finds or makes one. */
  readonly masterKey?: Secret;
  /** A header that carries the key besides the usual ones (`litellm_key_header_name`), in lower case. */
  readonly keyHeaderName?: string;
  readonly database: { readonly url?: Secret; readonly poolSize?: number; readonly connectTimeoutMs?: number };
  /** How long what is known of a key is not read again. */
  readonly cacheFreshMs: number;
  /** How long known keys work while the database is away; 0: not at all. */
  readonly outageGraceMs: number;
  /** Empty: all. */
  readonly allowedIps: readonly string[];
  readonly useForwardedFor: boolean;
  readonly trustedProxies: readonly string[];
  /** Empty: all. */
  readonly allowedRoutes: readonly string[];
  readonly adminOnlyRoutes: readonly string[];
  readonly publicRoutes: readonly string[];
  readonly enforceUserParam: boolean;
  readonly enforcedParams: readonly string[];
  readonly rejectClientTags: boolean;
}

type General = z.infer<typeof generalSettings>;

const defaultFreshSeconds = 60;
const defaultGraceSeconds = 3600;

export const accessSettings = (general: General): AccessSettings => ({
  ...defined({ masterKey: general?.master_key, keyHeaderName: general?.litellm_key_header_name?.toLowerCase() }),
  database: defined({
    url: general?.database_url,
    poolSize: general?.database_connection_pool_limit,
    connectTimeoutMs: milliseconds(general?.database_connection_timeout),
  }),
  // 0 is none here: nothing is taken from memory.
  cacheFreshMs: (general?.user_api_key_cache_ttl ?? defaultFreshSeconds) * 1000,
  outageGraceMs: general?.allow_requests_on_db_unavailable === false ? 0 : (general?.db_unavailable_grace ?? defaultGraceSeconds) * 1000,
  allowedIps: general?.allowed_ips ?? [],
  useForwardedFor: general?.use_x_forwarded_for ?? false,
  trustedProxies: general?.trusted_proxy_ranges ?? [],
  allowedRoutes: general?.allowed_routes ?? [],
  adminOnlyRoutes: general?.admin_only_routes ?? [],
  publicRoutes: general?.public_routes ?? [],
  enforceUserParam: general?.enforce_user_param ?? false,
  enforcedParams: general?.enforced_params ?? [],
  rejectClientTags: general?.reject_clientside_metadata_tags ?? false,
});

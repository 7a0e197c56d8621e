/** What `custom_auth` is told of a request before it is known who sends it. */
export interface CustomAuthRequest {
  readonly headers: Headers;
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  /** Where it comes from, as far as proxies are trusted to say so. */
  readonly address: string | undefined;
}

/** Who calls, as `custom_auth` says it. Everything may be left out; what is left out says nothing. */
export interface CustomIdentity {
  readonly userId?: string | undefined;
  /** What the caller may do beside calls of models. Absent: as the stored user may. */
  readonly userRole?: 'proxy_admin' | 'proxy_admin_viewer' | 'internal_user' | 'internal_user_viewer' | undefined;
  readonly teamId?: string | undefined;
  readonly organizationId?: string | undefined;
  /** The end user that the call is for. */
  readonly customerId?: string | undefined;
  /** Models, patterns with `*` and access groups. Absent: as the user and the team may; empty: none. */
  readonly models?: readonly string[] | undefined;
  /** Paths, `/prefix/*` and groups of routes. Absent: as the user may; empty: none. */
  readonly routes?: readonly string[] | undefined;
  /** For logs. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Says who calls: an identity, the virtual key to go on with, or undefined for somebody it does not know.
 * A thrown error with the `status` 401 or 403 goes to the client with its message; any other is a failure of the gateway's (500).
 * @param presented the key or token, wherever it was; undefined: there is none
 */
export type CustomAuth = (
  request: CustomAuthRequest,
  presented: string | undefined,
) => CustomIdentity | string | undefined | Promise<CustomIdentity | string | undefined>;

/** Says whether the claims of a token that is good will do. Anything but `true` refuses it. */
export type CustomValidate = (claims: Readonly<Record<string, unknown>>) => boolean | Promise<boolean>;

/** Functions of the operator's own. Only the command line loads modules. */
export interface AuthHooks {
  readonly customAuth?: CustomAuth;
  readonly customValidate?: CustomValidate;
}

/** A module that the configuration names. */
export interface AuthModule {
  readonly hook: keyof AuthHooks;
  /** As it is written: relative to `file`. */
  readonly module: string;
  /** Its export. */
  readonly name: string;
  /** Where it is named. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** `general_settings.custom_auth` */
  readonly path: string;
}

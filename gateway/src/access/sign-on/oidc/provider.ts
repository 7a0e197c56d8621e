import type { Secret } from 'sluice/kit';

/** An identity provider of OpenID Connect, or of OAuth 2 where it has no issuer. */
export interface OidcProvider {
  /** In addresses. */
  readonly name: string;
  /** On the page that people sign in on. */
  readonly label: string;
  /** Its discovery document says everything else. Absent: the endpoints do. */
  readonly issuer?: string | undefined;
  readonly endpoints?: { readonly authorization: string; readonly token: string; readonly userinfo: string } | undefined;
  readonly clientId: string;
  readonly clientSecret?: Secret | undefined;
  readonly scopes: readonly string[];
  /** Dot paths. */
  readonly claims: {
    readonly userId: string;
    readonly email: string;
    readonly name: string;
    readonly groups: string;
    readonly role?: string | undefined;
  };
  /** Addresses count as verified where nothing is said of it: the provider has no others. */
  readonly trustEmail?: boolean | undefined;
  /** Where groups are asked for that did not fit into the token (Microsoft Graph). */
  readonly graphUrl?: string | undefined;
  /** Why nobody can sign in by it: it is told to whoever tries. */
  readonly broken?: string | undefined;
}

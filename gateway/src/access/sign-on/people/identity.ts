/** Who somebody is, as an identity provider has said and proved it. */
export interface Identity {
  /** The provider's name in the configuration. */
  readonly provider: string;
  /** Lasting, and the provider's own. */
  readonly subject: string;
  readonly email?: string | undefined;
  /** What the provider says of the address. Undefined: nothing. */
  readonly emailVerified?: boolean | undefined;
  readonly name?: string | undefined;
  /** Undefined: the provider says nothing of groups. */
  readonly groups?: readonly string[] | undefined;
  /** Names of roles. */
  readonly roles?: readonly string[] | undefined;
  /** Everything that was said, for mappings. */
  readonly claims: Readonly<Record<string, unknown>>;
}

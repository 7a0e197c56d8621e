import type { Principal } from './principal.ts';

/** What is known of a request before it is known who sends it. */
export interface Caller {
  /** The key or token, wherever it was. */
  readonly presented: string | undefined;
  readonly headers: Headers;
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  /** Asked for only where something depends on it. */
  readonly address: () => string | undefined;
  /** The address of the connection itself, whatever its headers say. Absent: nobody knows, and so it is nobody's who is trusted. */
  readonly peer?: (() => string | undefined) | undefined;
}

/**
 * A way to show who one is, beside virtual keys: tokens of an identity provider, sessions, what a proxy in front says.
 * Gives undefined where the caller does not use it; then the next one is asked, and keys at the end.
 * @throws SluiceError `authentication` where the caller uses it and it is not good
 */
export type Authenticate = (caller: Caller) => Principal | undefined | Promise<Principal | undefined>;

import { SluiceError } from 'sluice/kit';
import type { Authenticate, Caller } from './caller.ts';
import type { KeyPrincipals } from './directory/key-principals.ts';
import { demandGood } from './key-status.ts';
import { hashKey } from './keys/secret.ts';
import { masterPrincipal, type Principal } from './principal.ts';
import type { UnknownKeys } from './unknown-keys.ts';

export interface IdentifyOptions {
  /** Whether a key is the master key. */
  readonly isMaster: (presented: string) => boolean;
  /** Absent: there is no database, so there are no keys. */
  readonly keys?: KeyPrincipals | undefined;
  readonly unknown: UnknownKeys;
  /** Other ways, in the order in which they are tried. */
  readonly others: () => readonly Authenticate[];
  readonly now: () => number;
}

/**
 * Says who calls. In the steady state that is known at once, and nothing is awaited.
 * @throws SluiceError `authentication` for who is nobody, `rate_limited` for who tries too many keys, `unavailable` where the database would have to be asked and is away
 */
export type Identify = (caller: Caller) => Principal | Promise<Principal>;

export const createIdentify = (options: IdentifyOptions): Identify => {
  const { isMaster, keys, others, now } = options;
  const good = (principal: Principal, caller: Caller): Principal => {
    demandGood(principal, now(), caller.address);
    return principal;
  };
  return (caller) => {
    const { presented } = caller;
    if (presented !== undefined && presented !== '' && isMaster(presented)) return masterPrincipal;
    const ways = others();
    for (let at = 0; at < ways.length; at++) {
      const found = ways[at]!(caller);
      // Only a way that has to ask somebody makes the others wait.
      if (found instanceof Promise) return inTurn(found, ways.slice(at + 1), caller, options).then((principal) => good(principal, caller));
      if (found) return good(found, caller);
    }
    if (presented === undefined || presented === '') throw noKey();
    const known = keys?.peek(hashKey(presented));
    return known ? good(known, caller) : byKey(caller, options).then((principal) => good(principal, caller));
  };
};

const inTurn = async (
  first: Promise<Principal | undefined>,
  ways: readonly Authenticate[],
  caller: Caller,
  options: IdentifyOptions,
): Promise<Principal> => {
  let principal = await first;
  for (const way of ways) principal ??= await way(caller);
  return principal ?? byKey(caller, options);
};

const byKey = async ({ presented, address }: Caller, { keys, unknown }: IdentifyOptions): Promise<Principal> => {
  if (presented === undefined || presented === '') throw noKey();
  if (!keys) throw noSuchKey();
  const hash = hashKey(presented);
  const known = keys.peek(hash);
  if (known) return known;
  if (unknown.has(hash)) throw noSuchKey();
  const from = address() ?? '';
  // A key that was good a while ago is nobody's guess: it is looked for again whoever else shares its address.
  const waitMs = keys.knows(hash) ? undefined : unknown.waitOf(from);
  if (waitMs !== undefined)
    throw new SluiceError('rate_limited', 'Too many unknown keys were tried from this address.', { retryAfterMs: waitMs, retry: false });
  const { made } = unknown;
  const found = await keys.get(hash);
  if (found) return found;
  unknown.add(hash, from, made);
  throw noSuchKey();
};

const noKey = () =>
  new SluiceError('authentication', 'No API key. Send it as "Authorization: Bearer <key>", x-api-key, api-key, x-goog-api-key or ?key=.', {
    type: 'auth_error',
  });

const noSuchKey = () => new SluiceError('authentication', 'Invalid API key.', { type: 'token_not_found_in_db' });

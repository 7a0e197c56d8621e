import { SluiceError } from 'sluice/kit';
import type { Authenticate, Caller } from '../caller.ts';
import { hashKey } from '../keys/secret.ts';
import type { Principal } from '../principal.ts';
import { UnknownKeys } from '../unknown-keys.ts';
import type { Claimant } from './claimant.ts';
import type { ClaimantPrincipals } from './claimant-principals.ts';
import { chosenTeam, teamHeader } from './chosen-team.ts';

/** What has shown that a token is good. */
export interface Proof {
  readonly claims: Readonly<Record<string, unknown>>;
  /** Unix milliseconds: not longer than this. */
  readonly until: number;
}

/** A kind of token. */
export interface TokenKind<S extends object, P extends Proof> {
  /** As things are configured; the same object as long as they stay. Undefined: this kind is not used. */
  settings(): S | undefined;
  /** Whether a text may be one of these at all; asked for every call. */
  takes(presented: string, settings: S): boolean;
  /** @throws SluiceError `authentication` where it is not good, `permission_denied`, `unavailable` where nobody can say */
  prove(presented: string, settings: S): Promise<P>;
  /** Whether what was proved before still is. */
  holds(proof: P, settings: S): boolean;
  /** Who it is. @throws SluiceError */
  claimantOf(proof: P, settings: S): Promise<Claimant>;
  /** Another one: `claimantOf` may find somebody else. */
  generation(): number;
}

interface Known<S, P> {
  readonly settings: S;
  readonly proof: P;
  claimant?: { readonly is: Claimant; readonly generation: number };
}

const maxKnown = 20_000;
const maxRefused = 20_000;
/** How long a token that is not good is not looked at again. */
const refusedMs = 10_000;

export interface TokenAuthenticateOptions {
  readonly principals: ClaimantPrincipals;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/**
 * Takes tokens in place of keys. One that was good is remembered by its SHA-256 until it expires, so that in the steady
 * state a call costs a hash and a look into a map, and nothing is awaited. One that was not is refused again without a look;
 * who tries too many of them has to wait.
 */
export const createTokenAuthenticate = <S extends object, P extends Proof>(
  kind: TokenKind<S, P>,
  { principals, now }: TokenAuthenticateOptions,
): Authenticate => {
  const known = new Map<string, Known<S, P>>();
  const refused = new Map<string, { readonly settings: S; readonly until: number; readonly error: SluiceError }>();
  const proving = new Map<string, Promise<Known<S, P>>>();
  const tries = new UnknownKeys({ now });

  const good = (hash: string, settings: S): Known<S, P> | undefined => {
    const found = known.get(hash);
    return found && found.settings === settings && now() < found.proof.until && kind.holds(found.proof, settings) ? found : undefined;
  };

  const prove = (hash: string, presented: string, settings: S, caller: Caller): Promise<Known<S, P>> => {
    const before = refused.get(hash);
    if (before && before.settings === settings && now() < before.until) throw before.error;
    const running = proving.get(hash);
    if (running) return running;
    const from = caller.address() ?? '';
    const waitMs = tries.waitOf(from);
    if (waitMs !== undefined)
      throw new SluiceError('rate_limited', 'Too many tokens that are not good were tried from this address.', {
        retryAfterMs: waitMs,
        retry: false,
      });
    const started = kind
      .prove(presented, settings)
      .then(
        (proof) => {
          const made = { settings, proof };
          put(known, hash, made, maxKnown);
          return made;
        },
        (cause: unknown) => {
          known.delete(hash);
          if (SluiceError.is(cause) && cause.code === 'authentication') {
            // Whose time is over has not guessed; and a key that is not there may be there in a moment.
            if (cause.type !== 'expired_key') tries.add(hash, from);
            if (cause.type !== 'unknown_signing_key') put(refused, hash, { settings, until: now() + refusedMs, error: cause }, maxRefused);
          }
          throw cause;
        },
      )
      .finally(() => proving.delete(hash));
    proving.set(hash, started);
    return started;
  };

  const found = (hash: string, entry: Known<S, P>, caller: Caller): { id: string; claimant: Claimant } | undefined => {
    const { claimant } = entry;
    if (!claimant || claimant.generation !== kind.generation()) return undefined;
    const wanted = claimant.is.teamIds.length > 1 ? caller.headers.get(teamHeader) : null;
    return wanted === null
      ? { id: hash, claimant: claimant.is }
      : { id: `${hash} ${wanted.slice(0, 200)}`, claimant: chosenTeam(claimant.is, wanted) };
  };

  const slow = async (hash: string, presented: string, settings: S, caller: Caller): Promise<Principal> => {
    const entry = good(hash, settings) ?? (await prove(hash, presented, settings, caller));
    const generation = kind.generation();
    // Asked again even where it is known: who is named may have to be made.
    entry.claimant = { is: same(entry.claimant?.is, await kind.claimantOf(entry.proof, settings)), generation };
    const wanted = entry.claimant.is.teamIds.length > 1 ? caller.headers.get(teamHeader) : null;
    const who = wanted === null ? entry.claimant.is : chosenTeam(entry.claimant.is, wanted);
    return principals.get(wanted === null ? hash : `${hash} ${wanted.slice(0, 200)}`, who);
  };

  return (caller) => {
    const settings = kind.settings();
    const { presented } = caller;
    if (!settings || !presented || !kind.takes(presented, settings)) return undefined;
    const hash = hashKey(presented);
    const entry = good(hash, settings);
    const who = entry && found(hash, entry, caller);
    return (who && principals.peek(who.id, who.claimant)) ?? slow(hash, presented, settings, caller);
  };
};

/** The one from before, where it says the same: what was worked out of it holds on. */
const same = (before: Claimant | undefined, after: Claimant): Claimant =>
  before && JSON.stringify(before) === JSON.stringify(after) ? before : after;

/** The oldest goes. */
const put = <T>(map: Map<string, T>, id: string, value: T, max: number): void => {
  map.delete(id);
  if (map.size >= max) map.delete(map.keys().next().value!);
  map.set(id, value);
};

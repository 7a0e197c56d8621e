/** A token that somebody gave, in Unix milliseconds. */
export interface FetchedToken {
  value: string;
  expiresAtMs: number;
}

export interface TokenCache<T extends FetchedToken = FetchedToken> {
  /**
   * A valid token: held until shortly before it ends; callers that come while one is fetched share it.
   * @param id whose token it is
   * @param secret what it is had for: a token that was had for another one is not given
   * @param fetch gets a new one; its failure is thrown to all who wait and is not kept
   */
  get(id: string, secret: string, fetch: () => Promise<T>): Promise<T>;
  /**
   * Drops a token that was refused before its end (revoked, replaced). One that was fetched a moment ago stays: what is
   * refused then is not its age, and asking again with every call would not help.
   * @param sent the header that held it: a newer one is not dropped
   * @returns whether the next `get` may give another one
   */
  forget(id: string, sent: string | undefined): boolean;
}

interface Held<T> {
  secret: string;
  token?: T;
  fetchedAtMs: number;
  /** When a new one is due. */
  refreshAtMs: number;
  pending?: Promise<T>;
}

/** More identities than any gateway has; the oldest is forgotten beyond it. */
const maxHeld = 256;
const refreshAheadMs = 5 * 60_000;
/** Where a new token cannot be had and the old one still holds, it is not tried again with every call. */
const retryAfterMs = 30_000;

/** Tokens of identities that are signed in to elsewhere (Entra, Google). Holds a bounded number of them. */
export const createTokenCache = <T extends FetchedToken>(now: () => number): TokenCache<T> => {
  const held = new Map<string, Held<T>>();

  const hold = (id: string, secret: string): Held<T> => {
    const entry: Held<T> = { secret, fetchedAtMs: 0, refreshAtMs: 0 };
    held.delete(id);
    held.set(id, entry);
    if (held.size > maxHeld) held.delete(held.keys().next().value!);
    return entry;
  };

  const renew = async (id: string, entry: Held<T>, fetch: () => Promise<T>): Promise<T> => {
    const askedAt = now();
    try {
      const token = await fetch();
      const lifetimeMs = token.expiresAtMs - askedAt;
      entry.token = token;
      entry.fetchedAtMs = askedAt;
      entry.refreshAtMs = askedAt + Math.max(lifetimeMs - refreshAheadMs, lifetimeMs / 2);
      return token;
    } catch (cause) {
      if (entry.token && now() < entry.token.expiresAtMs) {
        entry.refreshAtMs = now() + retryAfterMs;
        return entry.token;
      }
      if (held.get(id) === entry) held.delete(id);
      throw cause;
    } finally {
      delete entry.pending;
    }
  };

  return {
    async get(id, secret, fetch) {
      let entry = held.get(id);
      if (!entry || entry.secret !== secret) entry = hold(id, secret);
      if (entry.token && now() < entry.refreshAtMs) return entry.token;
      return (entry.pending ??= renew(id, entry, fetch));
    },
    forget(id, sent) {
      const entry = held.get(id);
      if (!entry || sent === undefined) return false;
      // Others that had the same one were refused as well, and came first.
      if (!entry.token || !sent.includes(entry.token.value)) return true;
      if (now() - entry.fetchedAtMs < retryAfterMs) return false;
      delete entry.token;
      entry.refreshAtMs = 0;
      return true;
    },
  };
};

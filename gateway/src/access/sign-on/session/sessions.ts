import { sql } from '../../../storage/sql/statement.ts';
import { RecordCache } from '../../directory/record-cache.ts';
import { kinds } from '../../records/kinds.ts';
import type { SessionRecord } from '../../records/records.ts';
import type { Store } from '../../store/store.ts';
import type { Stored } from '../../store/stored.ts';
import type { Writing } from '../../store/writing.ts';
import { hashKey } from '../../keys/secret.ts';
import { csrfTokenOf, isWholeSessionToken, makeSessionToken, sessionIdOf } from './session-token.ts';

export interface SessionSettings {
  /** How long it lasts without being used. */
  readonly idleMs: number;
  /** How long it lasts at most. */
  readonly absoluteMs: number;
}

export interface SessionsOptions {
  readonly store: Store;
  readonly settings: () => SessionSettings;
  /** How long what is known of a session is not read again: changes are pushed, so this is for what is missed. */
  readonly freshMs: number;
  /** How long known sessions are good while the database is away. */
  readonly staleMs: number;
}

export interface NewSession {
  readonly userId: string;
  readonly source: SessionRecord['source'];
  readonly address: string | undefined;
  readonly userAgent: string | null;
  /** The browser had this one before, and has it no more. */
  readonly replaces?: string | undefined;
}

export interface OpenedSession {
  /** Told once. */
  readonly token: string;
  readonly csrfToken: string;
  /** Unix milliseconds. */
  readonly expiresAt: number;
  /** However much it is used. */
  readonly endsAt: number;
}

/** One person has as many; the oldest goes. */
export const maxSessionsPerUser = 20;
const maxKnown = 50_000;
const maxUserAgentChars = 300;
/** It is written that a session is in use only once this part of its idle time is over. */
const slideShare = 8;
const sweepMs = 60_000;

/** Who has signed in: sessions are on the server, so that ending one ends it at once and everywhere. */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #known: RecordCache<Stored<SessionRecord>>;
  readonly #sliding = new Set<string>();
  #sweptAt = 0;
  /** Ends listening. */
  readonly close: () => void;

  constructor(options: SessionsOptions) {
    const { store, freshMs, staleMs } = options;
    this.#options = options;
    // Anybody can make up tokens; those that are must not make room for them.
    this.#known = new RecordCache({
      load: (id) => store.get(kinds.session, id),
      max: maxKnown,
      freshMs,
      staleMs,
      now: () => store.now,
      onlyFound: true,
    });
    this.close = store.onChanged((kind, id) => {
      if (kind === undefined) this.#known.suspectAll();
      else if (kind === 'session') this.#known.drop(id);
    });
  }

  /** Always a new token: one that somebody planted before is worth nothing (session fixation). */
  async open({ userId, source, address, userAgent, replaces }: NewSession): Promise<OpenedSession> {
    const { store, settings } = this.#options;
    await this.#sweep();
    const token = makeSessionToken();
    const csrfToken = csrfTokenOf(token);
    const { idleMs, absoluteMs } = settings();
    return store.write({ by: userId, address }, async (writing) => {
      const expiresAt = writing.now + Math.min(idleMs, absoluteMs);
      if (replaces !== undefined) await writing.remove(kinds.session, sessionIdOf(replaces));
      const others = await writing.find(kinds.session, { is: { user_id: userId } });
      for (const { id } of others.slice(0, Math.max(0, others.length - maxSessionsPerUser + 1))) await writing.remove(kinds.session, id);
      await writing.insert<SessionRecord>(kinds.session, sessionIdOf(token), {
        user_id: userId,
        expires_at: expiresAt,
        source,
        csrf_hash: hashKey(csrfToken),
        address: address ?? null,
        user_agent: userAgent?.slice(0, maxUserAgentChars) ?? null,
      });
      return { token, csrfToken, expiresAt, endsAt: writing.now + absoluteMs };
    });
  }

  /**
   * The session of a token, if it is good.
   * @throws SluiceError `unavailable`
   */
  async find(token: string): Promise<Stored<SessionRecord> | undefined> {
    if (!isWholeSessionToken(token)) return undefined;
    const id = sessionIdOf(token);
    const session = this.#known.peek(id)?.value ?? (await this.#known.get(id));
    if (!session) return undefined;
    const { now } = this.#options.store;
    const { absoluteMs } = this.#options.settings();
    // A shorter limit in the configuration holds for sessions that began before it.
    if (now >= session.data.expires_at || now >= session.createdAt + absoluteMs) return undefined;
    this.#slide(session, now);
    return session;
  }

  /** Whether there was one. */
  async end(id: string): Promise<boolean> {
    return (await this.#options.store.write({ by: 'session' }, (writing) => writing.remove(kinds.session, id))) !== undefined;
  }

  /** How many there were. @param except stays */
  endAllOf(userId: string, except?: string): Promise<number> {
    return this.#options.store.write({ by: userId }, (writing) => endSessionsOf(writing, userId, except));
  }

  /** It is in use, so it lasts. Nobody waits for that to be written. */
  #slide({ id, data, createdAt }: Stored<SessionRecord>, now: number): void {
    const { store, settings } = this.#options;
    const { idleMs, absoluteMs } = settings();
    const expiresAt = Math.min(now + idleMs, createdAt + absoluteMs);
    if (expiresAt - data.expires_at < idleMs / slideShare || this.#sliding.has(id) || this.#sliding.size >= maxSlides) return;
    this.#sliding.add(id);
    store
      .write({ by: data.user_id }, async (writing) => {
        // One that was ended meanwhile stays ended.
        if (await writing.get(kinds.session, id)) await writing.update(kinds.session, id, (was) => ({ ...was, expires_at: expiresAt }));
      })
      .catch(() => {})
      .finally(() => this.#sliding.delete(id));
  }

  /** What is over is of no more use; nobody needs to be told. */
  async #sweep(): Promise<void> {
    const { store } = this.#options;
    if (store.now - this.#sweptAt < sweepMs) return;
    this.#sweptAt = store.now;
    await store.database.run(sql`delete from ${sql.name(kinds.session.table)} where expires_at < ${store.now}`);
  }
}

const maxSlides = 100;

/** Ends all sessions of a person, inside a change of that person. @returns how many */
export const endSessionsOf = async (writing: Writing, userId: string, except?: string): Promise<number> => {
  const all = await writing.find(kinds.session, { is: { user_id: userId } });
  const ending = all.filter(({ id }) => id !== except);
  for (const { id } of ending) await writing.remove(kinds.session, id);
  return ending.length;
};

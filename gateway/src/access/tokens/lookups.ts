import { RecordCache } from '../directory/record-cache.ts';
import { kinds, type Kind } from '../records/kinds.ts';
import type { JwtMappingRecord, UserRecord } from '../records/records.ts';
import type { Where } from '../store/reading.ts';
import type { Store } from '../store/store.ts';
import type { Stored } from '../store/stored.ts';

export interface LookupsOptions {
  readonly store: Store;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly freshMs: number;
  readonly staleMs: number;
}

const maxKnown = 10_000;

/** Things by another name than their id, as the directory has them by id. What changes anywhere is looked for again. */
export class Lookups {
  readonly #teams: RecordCache<string>;
  readonly #organizations: RecordCache<string>;
  readonly #bySsoId: RecordCache<Stored<UserRecord>>;
  readonly #byEmail: RecordCache<Stored<UserRecord>>;
  readonly #mappings: RecordCache<Stored<JwtMappingRecord>>;
  #generation = 0;

  constructor({ store, now, freshMs, staleMs }: LookupsOptions) {
    const cacheOf = <T>(load: (name: string) => Promise<T | undefined>) =>
      new RecordCache<T>({ load, max: maxKnown, now, freshMs, staleMs });
    // A name that two have is nobody's: it does not say which is meant.
    const only = async <T>(kind: Kind<T>, where: Where): Promise<Stored<T> | undefined> => {
      const { rows } = await store.page(kind, { ...where, page: 1, size: 2 });
      return rows.length === 1 ? rows[0] : undefined;
    };
    this.#teams = cacheOf(async (alias) => (await only(kinds.team, { is: { alias } }))?.id);
    this.#organizations = cacheOf(async (alias) => (await only(kinds.organization, { is: { alias } }))?.id);
    this.#bySsoId = cacheOf((ssoId) => only(kinds.user, { is: { sso_id: ssoId } }));
    this.#byEmail = cacheOf((email) => only(kinds.user, { is: { email } }));
    this.#mappings = cacheOf((id) => {
      const [claim, value] = JSON.parse(id) as [string, string];
      return store.first(kinds.jwtMapping, { is: { claim, value } });
    });
    const byKind: Readonly<Record<string, readonly { suspectAll(): void }[]>> = {
      team: [this.#teams],
      organization: [this.#organizations],
      user: [this.#bySsoId, this.#byEmail],
      jwt_mapping: [this.#mappings],
    };
    const all = Object.values(byKind).flat();
    this.close = store.onChanged((kind) => {
      const caches = kind === undefined ? all : byKind[kind];
      if (!caches) return;
      this.#generation++;
      for (const cache of caches) cache.suspectAll();
    });
  }

  /** Ends listening. */
  readonly close: () => void;

  /** Another one: what was found may be something else now. */
  get generation(): number {
    return this.#generation;
  }

  /** @throws SluiceError `unavailable` */
  teamByAlias(alias: string): Promise<string | undefined> {
    return this.#teams.get(alias);
  }

  organizationByAlias(alias: string): Promise<string | undefined> {
    return this.#organizations.get(alias);
  }

  userBySsoId(id: string): Promise<Stored<UserRecord> | undefined> {
    return this.#bySsoId.get(id);
  }

  /** @param email in lower case */
  userByEmail(email: string): Promise<Stored<UserRecord> | undefined> {
    return this.#byEmail.get(email);
  }

  /** The key that tokens with a claim count as, switched on or not. */
  mapping(claim: string, value: string): Promise<Stored<JwtMappingRecord> | undefined> {
    return this.#mappings.get(JSON.stringify([claim, value]));
  }
}

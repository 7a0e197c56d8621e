import type { Place } from '../origin.ts';

export type StoredKind = 'model' | 'credential' | 'setting';

/** Something of the database that is left out. */
export interface StoredProblem {
  readonly kind: StoredKind;
  readonly id: string;
  /** Holds no value, as that may be a secret. */
  readonly message: string;
  /** Sealed with a key that this gateway was not given, or damaged (FP-61). */
  readonly decryptionFailed: boolean;
}

/** Something of the database that does not count, because the file says it. */
export interface StoredDrift {
  readonly kind: StoredKind;
  /** Of a setting of several entries, with the entry: `router_settings.fallbacks.gpt-4o`. */
  readonly id: string;
  readonly place: Place;
}

/** A model of the database, for administrators to see. */
export interface StoredModelView {
  readonly id: string;
  /** As it was given: not the router's name of a team's own. */
  readonly modelName: string;
  /** Secrets are `****`. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly info: Readonly<Record<string, unknown>>;
  readonly teamId?: string | undefined;
  readonly blocked: boolean;
}

/** What became of what the database has. */
export interface StoredView {
  /** Of the database's part: two instances with the same one serve the same. */
  readonly version: string;
  readonly models: readonly StoredModelView[];
  readonly problems: readonly StoredProblem[];
  readonly drift: readonly StoredDrift[];
}

/** What the database has of the configuration, as it is stored: secrets are sealed. */
export interface StoredRows {
  readonly models: readonly StoredRow<ModelData>[];
  readonly credentials: readonly StoredRow<CredentialData>[];
  readonly settings: readonly StoredRow<SettingData>[];
}

export interface StoredRow<T> {
  readonly id: string;
  readonly data: T;
  /** Unix milliseconds. */
  readonly createdAt: number;
  readonly createdBy: string | undefined;
  readonly updatedAt: number;
  readonly updatedBy: string | undefined;
}

type Json = Readonly<Record<string, unknown>>;

interface ModelData {
  readonly model_name: string;
  readonly litellm_params: Json;
  readonly model_info: Json;
  readonly team_id?: string | null;
  readonly blocked?: boolean | null;
  readonly isolated?: boolean | null;
}

interface CredentialData {
  readonly credential_values: Json;
}

interface SettingData {
  readonly value: unknown;
}

/** Where the rows are, and who tells of changes. */
export interface StoredReader {
  read(): Promise<StoredRows>;
  /** `undefined`: anything may have changed. */
  onChanged(listener: (kind: string | undefined) => void): () => void;
}

/** Where sealed members of a row belong: moved to another row they do not open. */
export const sealedPlace = {
  model: (id: string): string => `model/${encodeURIComponent(id)}/litellm_params`,
  credential: (name: string): string => `credential/${encodeURIComponent(name)}/credential_values`,
  setting: (path: string): string => `setting/${encodeURIComponent(path)}/value`,
} as const;

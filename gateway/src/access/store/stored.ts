/** A document with what the database knows of it. */
export interface Stored<T> {
  readonly id: string;
  /** One more with every change. */
  readonly version: number;
  readonly data: T;
  /** Unix milliseconds. */
  readonly createdAt: number;
  readonly createdBy: string | undefined;
  readonly updatedAt: number;
  readonly updatedBy: string | undefined;
}

/** A row as both backends give it. */
export interface StoredRow {
  id: string;
  version: number;
  data: string;
  created_at: number;
  created_by: string | null;
  updated_at: number;
  updated_by: string | null;
}

export const storedOf = <T>(row: StoredRow): Stored<T> => ({
  id: row.id,
  version: row.version,
  data: JSON.parse(row.data) as T,
  createdAt: row.created_at,
  createdBy: row.created_by ?? undefined,
  updatedAt: row.updated_at,
  updatedBy: row.updated_by ?? undefined,
});

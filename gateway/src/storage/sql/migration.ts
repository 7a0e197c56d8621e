/**
 * One step of the tables' history. It is never changed once it was released: what comes after it is a migration of its own.
 * Embedded as text, so that a gateway in one piece has it too.
 */
export interface Migration {
  /** `0001-access`: applied in this order. */
  readonly name: string;
  /** Statements with semicolons between them. They run in one transaction, so they begin and commit nothing. */
  readonly sqlite: string;
  readonly postgres: string;
}

import type { PublishedRow } from '../../sdk/src/catalog/model-row.ts';

/** A row that a source has, and whose it is. */
export interface Found {
  provider: string;
  row: PublishedRow;
}

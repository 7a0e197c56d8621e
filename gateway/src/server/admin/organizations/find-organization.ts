import { kinds } from '../../../access/records/kinds.ts';
import type { OrganizationRecord } from '../../../access/records/records.ts';
import type { Reading } from '../../../access/store/reading.ts';
import type { Stored } from '../../../access/store/stored.ts';
import { notFound } from '../../../access/store/writing.ts';

/** @throws SluiceError `not_found` */
export const theOrganization = async (reading: Reading, id: string): Promise<Stored<OrganizationRecord>> => {
  const found = await reading.get(kinds.organization, id);
  if (!found) throw notFound(kinds.organization, id);
  return found;
};

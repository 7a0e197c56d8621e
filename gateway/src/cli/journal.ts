import { join } from 'node:path';
import type { JournalFiles } from '../spend/journal/index.ts';
import { dataFolder } from './data-folder.ts';
import type { Io } from './io.ts';
import { openJournalFolder } from './journal-folder.ts';

/** Where what calls cost is written first: beside what else must outlive a run. Undefined: there is no such place, which was told. */
export const openJournal = async (io: Pick<Io, 'env' | 'home' | 'platform' | 'tell'>): Promise<JournalFiles | undefined> => {
  const folder = dataFolder(io);
  try {
    if (folder !== undefined) return await openJournalFolder(join(folder, 'journal'));
  } catch (cause) {
    io.tell(`The journal of spend cannot be kept in ${folder}: ${String(cause)} ${without}\n`);
    return undefined;
  }
  io.tell(`There is no data directory (SLUICE_DATA_DIR). ${without}\n`);
  return undefined;
};

const without = 'What calls cost in the last second is lost if this process is killed.';

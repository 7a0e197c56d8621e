import { SluiceError } from 'sluice/kit';
import type { SpendSettings } from '../config/spend-settings.ts';
import type { Books } from '../spend/books.ts';

/**
 * A call whose cost could not be kept is not made, unless the settings say otherwise.
 * @throws SluiceError `unavailable`
 */
export const demandRoomIn = ({ state }: Books, { withoutJournal }: SpendSettings): void => {
  if (state === 'safe' || withoutJournal === 'serve') return;
  if (state === 'in memory' && withoutJournal === 'while_memory_lasts') return;
  throw new SluiceError(
    'unavailable',
    'What calls cost cannot be written down: the disk of the journal (SLUICE_DATA_DIR) is full or cannot be written. Make room on it.',
    { retryAfterMs: 2000 },
  );
};

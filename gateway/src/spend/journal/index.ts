export { Journal, type JournalFigures } from './journal.ts';
export type { JournalFiles } from './journal-files.ts';
export type { Batch } from './segment.ts';

export { Journal, type JournalFigures } from './journal.ts';
export type { Appender, JournalFiles } from './journal-files.ts';

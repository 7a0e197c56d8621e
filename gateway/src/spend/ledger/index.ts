export { createLedger } from './create-ledger.ts';
export { keepRetention } from './keep-retention.ts';
export type { Ledger } from './ledger.ts';

export { createStoredConfig, storedKinds, type StoredConfig } from './stored-config.ts';
export type { StoredReader } from './stored-rows.ts';
export type { StoredView } from './stored-view.ts';

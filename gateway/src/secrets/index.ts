export { createSecretSource, PlacedFailure, type SecretSource } from './source.ts';
export type { SecretFetch, SecretWorld } from './manager.ts';

export { saltKeyOf, saltKeysOf } from './salt-keys.ts';
export { createSealer, isSealed, sealedWith } from './sealer.ts';

export { saltKeyOf, saltKeysOf } from './salt-keys.ts';
export { createSealer, isSealed, sealedWith, type Sealer } from './sealer.ts';

export { admitShared, mayGoElsewhere } from './admit-shared.ts';
export { limitsInForce } from './limits-in-force.ts';
export { ModelFailures } from './model-failures.ts';
export { ModelSharing, type SharedModel } from './model-sharing.ts';

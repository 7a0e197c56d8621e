import type { Offer } from './offers.ts';

/**
 * How well what is said of a vendor's endpoint is proved here.
 * - `recordings`: its own recorded traffic is replayed through it.
 * - `specification`: what is sent there is held against the vendor's own description of its API.
 * - `mock`: against an upstream that was made from the vendor's documents, or only from those of the format.
 */
export type Evidence = 'recordings' | 'specification' | 'mock';

/** What is proved by more than a mock. test/recordings/evidence.test.ts holds it against what there is. */
const proved: Readonly<Record<string, Partial<Readonly<Record<Offer, Exclude<Evidence, 'mock'>>>>>> = {};

export const evidenceOf = (provider: string, what: Offer): Evidence => proved[provider]?.[what] ?? 'mock';

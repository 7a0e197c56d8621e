import { fnv1a } from './short-hash.ts';

/** Spreads the bits of a 32-bit number, so that numbers that differ little end far apart (MurmurHash3's `fmix32`, github.com/aappleby/smhasher, read 2026-11-22). */
const spread32 = (value: number): number => {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};

/** The same 32 bits for the same text on every machine, evenly spread. Not for secrets, nor against who looks for collisions. */
export const hash32 = (text: string): number => spread32(fnv1a(text, 0x811c9dc5));

/** One hash of two. Order matters. */
export const join32 = (a: number, b: number): number => spread32(Math.imul(a, 0x9e3779b1) ^ b);

/** A 32-bit hash as a number above 0 and below 1. */
export const unit32 = (hash: number): number => (hash + 0.5) / 4_294_967_296;

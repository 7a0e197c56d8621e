import { hash, randomBytes } from 'node:crypto';

const prefix = 'sk-';
const secretBytes = 32;

/** A new virtual key: `sk-` and 256 random bits. Seen once, by whoever asked for it; only its hash is stored. */
export const makeKey = (): string => prefix + randomBytes(secretBytes).toString('base64url');

/**
 * SHA-256 in hex, as LiteLLM stores keys, so that hashes of its database are good here. A random key needs no salt.
 * At once rather than by a `Hash`, which takes five times as long: each call does it.
 */
export const hashKey = (key: string): string => hash('sha256', key, 'hex');

/** What people know a key by: `sk-...abcd`. */
export const keyName = (key: string): string => `${prefix}...${key.slice(-4)}`;

/** Whether a text is a hash of a key, and not a key. */
export const isKeyHash = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

/** The hash of a key that is named by itself or by its hash. */
export const hashOfNamed = (named: string): string => (isKeyHash(named) ? named : hashKey(named));

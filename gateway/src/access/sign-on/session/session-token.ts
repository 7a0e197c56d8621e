import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { hashKey } from '../../keys/secret.ts';

const prefix = 'sess-';
const secretBytes = 32;
const form = /^sess-[A-Za-z0-9_-]{43}$/;

/** `sess-` and 256 random bits. Only its hash is stored. */
export const makeSessionToken = (): string => prefix + randomBytes(secretBytes).toString('base64url');

/** Whether a text wants to be one. Virtual keys begin otherwise. */
export const isSessionToken = (text: string): boolean => text.startsWith(prefix);
export const isWholeSessionToken = (text: string): boolean => form.test(text);

/** The id under which a session is stored. */
export const sessionIdOf = (token: string): string => hashKey(token);

/**
 * What a page must send beside the cookie to change something. It follows from the session's token, so that every tab has
 * the same one, and tells nothing of it; another site can read neither.
 */
export const csrfTokenOf = (token: string): string => createHmac('sha256', token).update('csrf').digest('base64url');

/** In the same time wherever they differ. */
export const sameText = (one: string, other: string): boolean => {
  const [left, right] = [Buffer.from(hashKey(one)), Buffer.from(hashKey(other))];
  return timingSafeEqual(left, right);
};

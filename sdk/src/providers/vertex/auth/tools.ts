import type { Env } from '../../../lib/env.ts';

/** The part of `fetch` that is used here. */
export type TokenFetch = (url: string, init: RequestInit) => Promise<Response>;

/** What getting a token needs of the world, handed in. */
export interface AuthTools {
  fetch: TokenFetch;
  /** Unix milliseconds. */
  now(): number;
  env: Env;
  /** @throws Error where the file cannot be read */
  readText(path: string): Promise<string>;
}

/** All that Vertex AI needs. */
export const cloudPlatform = 'https://www.googleapis.com/auth/cloud-platform';

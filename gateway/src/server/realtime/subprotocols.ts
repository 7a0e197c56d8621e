const keyMark = 'openai-insecure-api-key.';
const betaMark = 'openai-beta.';

/** What a browser, which can set no headers, says in the subprotocols that it offers (OpenAI's way, read 2026-11-22). */
export interface Offered {
  /** The gateway's key. It goes no further. */
  key?: string;
  /** The value of `openai-beta`: `realtime-v1` means `realtime=v1`. */
  beta?: string;
  /** What the server says that it chose: it must be one that was offered. */
  chosen?: string;
}

export const readOffered = (header: string | null): Offered => {
  const names = (header ?? '').split(',').map((name) => name.trim());
  const key = names.find((name) => name.startsWith(keyMark))?.slice(keyMark.length);
  const beta = names.find((name) => name.startsWith(betaMark))?.slice(betaMark.length);
  const chosen = names.find((name) => /^[\w.-]+$/.test(name) && !name.startsWith('openai-'));
  return { ...(key && { key }), ...(beta && { beta: beta.replace('-', '=') }), ...(chosen !== undefined && { chosen }) };
};

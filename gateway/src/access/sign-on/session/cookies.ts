/** The session of a browser. */
export const sessionCookieName = 'sluice_session';

const maxCookieChars = 16_384;

/** The value of a cookie; undefined where there is none, or two that differ: somebody else put one of them there. */
export const readCookie = (headers: Headers, name: string): string | undefined => {
  const all = headers.get('cookie');
  if (!all || all.length > maxCookieChars) return undefined;
  let found: string | undefined;
  for (const part of all.split(';')) {
    const at = part.indexOf('=');
    if (at === -1 || part.slice(0, at).trim() !== name) continue;
    const value = part.slice(at + 1).trim();
    if (found !== undefined && found !== value) return undefined;
    found = value;
  }
  return found === '' ? undefined : found;
};

export interface CookieOptions {
  /** The browser came by https. */
  readonly secure: boolean;
  /** 0: it is taken away. */
  readonly maxAgeSeconds: number;
  readonly path?: string;
  /** `None` is only for what must come back with a form of another site, and needs https. */
  readonly sameSite?: 'Lax' | 'None';
}

/** A `set-cookie` that scripts cannot read. */
export const cookie = (name: string, value: string, { secure, maxAgeSeconds, path = '/', sameSite = 'Lax' }: CookieOptions): string =>
  `${name}=${value}; Path=${path}; Max-Age=${Math.max(0, Math.floor(maxAgeSeconds))}; HttpOnly; SameSite=${sameSite}${secure ? '; Secure' : ''}`;

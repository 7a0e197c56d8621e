import { Refusal, type Io } from './io.ts';
import { readLogin } from './logins.ts';
import { givenMasterKey, isLoopback } from './master-key.ts';

/** Which gateway a command speaks to, and as whom. */
export interface GatewayFlags {
  url?: string;
  key?: string;
}

export interface GatewayKey {
  readonly value: string;
  /** Where it came from, for people. */
  readonly from: string;
}

/** Without a slash at its end, and without `/v1`. @throws Refusal where it is no address */
export const gatewayUrl = (flags: GatewayFlags, io: Pick<Io, 'env'>): string => {
  const given = flags.url ?? (io.env['SLUICE_URL'] || 'http://127.0.0.1:4000');
  const url = given.trim().replace(/\/+$/, '').replace(/\/v1$/, '');
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url))
    throw new Refusal(`${flags.url === undefined ? 'SLUICE_URL' : '--url'} must be an address that begins with http:// or https://.`, 2);
  return url;
};

/**
 * The key that somebody gave for clients; else, for commands of people, their login there; else the master key of this
 * machine's gateway, which must not leave this machine.
 */
export const gatewayKey = (
  url: string,
  flags: GatewayFlags,
  io: Pick<Io, 'env' | 'home' | 'platform'>,
  { logins = false }: { logins?: boolean } = {},
): GatewayKey | undefined => {
  if (flags.key !== undefined) return { value: flags.key, from: '--key' };
  for (const from of ['SLUICE_API_KEY', 'LITELLM_API_KEY', 'LITELLM_PROXY_API_KEY']) {
    const value = io.env[from];
    if (value) return { value, from };
  }
  const login = logins ? readLogin(url, io) : undefined;
  if (login) return { value: login.access_token, from: 'the login' };
  if (!isLoopback(new URL(url).hostname)) return undefined;
  const master = givenMasterKey(undefined, (name) => io.env[name] || undefined, io);
  return master && { value: master.key.reveal(), from: master.path ?? master.from };
};

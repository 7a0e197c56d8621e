import { Refusal, type Io } from '../io.ts';
import { readLogin, writeLogin } from '../logins.ts';
import { adminClient, type AdminClient, type AdminFlags } from './request.ts';

/** What waits between two questions; handed in for tests. */
export type Wait = (ms: number) => Promise<void>;

/** More than the gateway says a code is good for is not waited. */
const maxWaitMs = 30 * 60_000;

interface Started {
  readonly device_code: string;
  readonly user_code: string;
  readonly verification_uri: string;
  readonly verification_uri_complete?: string;
  readonly expires_in: number;
  readonly interval: number;
}

/** `sluice login`: a person lets this program in, in a browser (RFC 8628). The session is kept in the data directory. */
export const login = async (
  flags: AdminFlags,
  io: Io,
  { wait = Bun.sleep, now = Date.now }: { wait?: Wait; now?: () => number } = {},
): Promise<number> => {
  const client = adminClient(flags, io);
  const started = await start(client);
  const { user_code: code, verification_uri: uri, verification_uri_complete: whole } = started;
  io.tell(`Open ${whole ?? uri} in a browser and let this program in. It must show this code:\n\n  ${code}\n\n`);
  const endsAt = now() + Math.min(maxWaitMs, started.expires_in * 1000);
  let intervalMs = Math.max(1, started.interval) * 1000;
  while (now() < endsAt) {
    await wait(intervalMs);
    const { status, json } = await client.ask('POST', '/sso/cli/poll', { body: { device_code: started.device_code } });
    const answer = (typeof json === 'object' && json !== null ? json : {}) as Record<string, unknown>;
    if (status >= 200 && status < 300 && typeof answer['access_token'] === 'string') return keep(client.url, answer, io, now());
    if (answer['error'] === 'authorization_pending') continue;
    // RFC 8628, section 3.5: from now on five seconds more.
    if (answer['error'] === 'slow_down' || status === 429) intervalMs += 5000;
    else if (answer['error'] === 'access_denied') throw new Refusal('The person has refused.');
    else if (answer['error'] === 'expired_token') break;
    else
      throw new Refusal(
        typeof answer['error_description'] === 'string' ? answer['error_description'] : saidOr(answer, `The gateway answered ${status}.`),
      );
  }
  throw new Refusal('Nobody has let this program in in time: start again.');
};

const start = async (client: AdminClient): Promise<Started> => {
  const { status, json } = await client.ask('POST', '/sso/cli/start', { body: {} });
  const started = json as Partial<Started> | undefined;
  if (status === 404 || status === 405)
    throw new Refusal(`The gateway on ${client.url} has no sign-on for programs. Use a key: SLUICE_API_KEY or --key.`);
  if (
    status >= 300 ||
    typeof started?.device_code !== 'string' ||
    typeof started.user_code !== 'string' ||
    typeof started.verification_uri !== 'string'
  )
    throw new Refusal(saidOr(json, `The gateway on ${client.url} answered ${status} when asked for a login.`));
  return { ...(started as Started), expires_in: Number(started.expires_in) || 600, interval: Number(started.interval) || 5 };
};

const saidOr = (json: unknown, otherwise: string): string => {
  const message = (json as { error?: { message?: unknown } } | undefined)?.error?.message;
  return typeof message === 'string' ? message : otherwise;
};

const keep = (url: string, answer: Record<string, unknown>, io: Io, now: number): number => {
  const user = [answer['user_email'], answer['user_id']].find((each) => typeof each === 'string') ?? 'somebody';
  const seconds = Number(answer['expires_in']) || 3600;
  writeLogin(url, { access_token: answer['access_token'] as string, expires_at: now + seconds * 1000, user: String(user) }, io);
  const role = typeof answer['user_role'] === 'string' ? `, ${answer['user_role']}` : '';
  io.tell(`Signed in on ${url} as ${String(user)}${role}.\n`);
  return 0;
};

/** `sluice logout`: ends the session there, and forgets it here. */
export const logout = async (flags: AdminFlags, io: Io): Promise<number> => {
  const { url } = adminClient({ ...(flags.url !== undefined && { url: flags.url }), key: 'none' }, io);
  const known = readLogin(url, io);
  if (!known) {
    io.tell(`You are not signed in on ${url}.\n`);
    return 0;
  }
  writeLogin(url, undefined, io);
  try {
    await adminClient({ url, key: known.access_token }, io).call('POST', '/logout', { body: {} });
    io.tell(`Signed out on ${url}.\n`);
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    io.tell(`Forgotten here; the session on ${url} could not be ended: ${cause.message}\n`);
  }
  return 0;
};

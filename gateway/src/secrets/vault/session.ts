import { identityToken, type Clock } from 'sluice/kit';
import { odd, refusal, type Answer, type Ask } from '../ask.ts';
import { ManagerFailure, mapping, type SecretWorld } from '../manager.ts';
import { readFileOf } from '../tls.ts';
import type { VaultLogin, VaultSettings } from './settings.ts';

/** A token of Vault, kept alive. */
export interface VaultSession {
  /** @throws ManagerFailure */
  token(signal: AbortSignal): Promise<string>;
  /** Vault refused this token. @returns whether `token` may give another one now */
  refused(token: string): boolean;
  close(): void;
}

interface Held {
  token: string;
  heldAtMs: number;
  /** Infinity: it does not end. */
  endsAtMs: number;
  renewable: boolean;
}

/** A token that was just given and is refused is not refused for its age. */
const youngMs = 30_000;
/** Vault counts in seconds, and so may be ahead by one. */
const marginMs = 2000;
const renewAgainMs = 10_000;

/**
 * Signs in when a token is wanted first, renews it when two thirds of its time are over, so that limited uses of a
 * secret id are not spent, and signs in anew where it cannot be renewed any more.
 * Source: developer.hashicorp.com/vault/api-docs/auth/{approle,cert,kubernetes,jwt,token}, read 2026-11-22.
 */
export const createVaultSession = (settings: VaultSettings, world: SecretWorld, ask: Ask): VaultSession => {
  const { clock } = world;
  const ended = new AbortController();
  let held: Held | undefined;
  let pending: Promise<Held> | undefined;

  const post = (path: string, body: object, signal: AbortSignal, token?: string): Promise<Answer> =>
    ask(
      {
        method: 'POST',
        url: `${settings.address}/v1/auth/${path}`,
        headers: vaultHeaders(settings.loginNamespace, token),
        body: JSON.stringify(body),
      },
      signal,
    );

  const signIn = async (signal: AbortSignal): Promise<Held> => {
    const { login } = settings;
    if (login.kind === 'token') return lookUp(login.token, signal);
    if (login.kind === 'token-file') {
      const token = (await readFileOf(login.file, world.readText)).trim();
      // Read anew each time: whoever writes it replaces it before it ends.
      return { token, heldAtMs: clock.now(), endsAtMs: clock.now(), renewable: false };
    }
    const { path, body } = await question(login, world);
    return readAuth(await post(path, body, signal), clock);
  };

  /** A token that was given: whoever may not look itself up may still read. */
  const lookUp = async (token: string, signal: AbortSignal): Promise<Held> => {
    const headers = vaultHeaders(settings.loginNamespace, token);
    const answer = await ask({ method: 'GET', url: `${settings.address}/v1/auth/token/lookup-self`, headers }, signal);
    const data = answer.status === 200 ? mapping(answer.value?.['data']) : undefined;
    const seconds = Number(data?.['ttl'] ?? 0);
    const endsAtMs = seconds > 0 ? clock.now() + seconds * 1000 : Infinity;
    return { token, heldAtMs: clock.now(), endsAtMs, renewable: data?.['renewable'] === true && seconds > 0 };
  };

  const renew = async (old: Held): Promise<Held> => {
    const signal = ended.signal;
    const next = readAuth(await post('token/renew-self', {}, signal, old.token), clock);
    // Vault does not always repeat it.
    return { ...next, token: old.token };
  };

  const keep = (next: Held): Held => {
    held = next;
    if (next.renewable && Number.isFinite(next.endsAtMs)) void keepAlive(next).catch(() => {});
    return next;
  };

  const keepAlive = async (first: Held): Promise<void> => {
    for (let current = first; held === current;) {
      const leftMs = current.endsAtMs - clock.now();
      await clock.sleep(Math.max(1000, (leftMs * 2) / 3), ended.signal);
      if (held !== current) return;
      try {
        const next = await renew(current);
        // At the end of its longest life a renewal gives less and less.
        const over = next.endsAtMs <= current.endsAtMs && next.endsAtMs - clock.now() < renewAgainMs;
        held = over && settings.login.kind !== 'token' ? undefined : next;
        current = next;
      } catch (cause) {
        if (ended.signal.aborted) return;
        const passes = cause instanceof ManagerFailure && cause.passes;
        if (!passes || clock.now() >= current.endsAtMs) {
          if (settings.login.kind !== 'token') held = undefined;
          return;
        }
        await clock.sleep(Math.min(renewAgainMs, Math.max(1000, current.endsAtMs - clock.now())), ended.signal);
      }
    }
  };

  return {
    async token(signal) {
      if (held && (held.endsAtMs - marginMs > clock.now() || settings.login.kind === 'token')) return held.token;
      pending ??= signIn(signal)
        .then(keep)
        .finally(() => (pending = undefined));
      return (await pending).token;
    },
    refused(token) {
      if (settings.login.kind === 'token') return false;
      // Another question has had it renewed.
      if (held?.token !== token) return true;
      if (clock.now() - held.heldAtMs < youngMs && settings.login.kind !== 'token-file') return false;
      held = undefined;
      return settings.login.kind !== 'token-file';
    },
    close: () => ended.abort(new Error('It is not asked any more.')),
  };
};

export const vaultHeaders = (namespace: string | undefined, token?: string): Record<string, string> => ({
  accept: 'application/json',
  'content-type': 'application/json',
  // Agents refuse requests without it: no browser can be made to send it.
  'x-vault-request': 'true',
  ...(namespace !== undefined && { 'x-vault-namespace': namespace }),
  ...(token !== undefined && { 'x-vault-token': headerText(token) }),
});

/** Checked here, because runtimes print a header that they refuse, token and all. */
const headerText = (token: string): string => {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new ManagerFailure('its token holds characters that no token has (a space, a line break?)');
};

const question = async (
  login: Extract<VaultLogin, { kind: 'approle' | 'cert' | 'jwt' }>,
  { fetch, readText, env }: SecretWorld,
): Promise<{ path: string; body: object }> => {
  const path = `${login.mount}/login`;
  switch (login.kind) {
    case 'approle':
      return { path, body: { role_id: login.roleId, secret_id: login.secretId } };
    case 'cert':
      return { path, body: login.role === undefined ? {} : { name: login.role } };
    case 'jwt':
      return {
        path,
        body: { role: login.role, jwt: await identityToken({ fetch, readFile: readText }, login.token, env, 'identity_token') },
      };
  }
};

const readAuth = (answer: Answer, clock: Clock): Held => {
  if (answer.status !== 200) throw refusal(answer, '', answer.status < 500 ? 'it does not let the gateway sign in' : '');
  const auth = mapping(answer.value?.['auth']);
  const token = auth?.['client_token'];
  if (typeof token !== 'string' || token === '') throw odd('token');
  const seconds = Number(auth?.['lease_duration'] ?? 0);
  return {
    token,
    heldAtMs: clock.now(),
    endsAtMs: seconds > 0 ? clock.now() + seconds * 1000 : Infinity,
    renewable: auth?.['renewable'] === true,
  };
};

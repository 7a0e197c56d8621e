import { gatewayKey, gatewayUrl, type GatewayFlags, type GatewayKey } from '../gateway-address.ts';
import { Refusal, type Io } from '../io.ts';

export interface AdminFlags extends GatewayFlags {
  json?: boolean;
}

/** A running gateway (ours or LiteLLM's), with somebody's key. */
export interface AdminClient {
  readonly url: string;
  readonly key: GatewayKey | undefined;
  /**
   * @returns the answer's JSON
   * @throws Refusal with the gateway's own words
   */
  call(method: string, path: string, options?: { query?: Query; body?: unknown }): Promise<unknown>;
  /** The same, whatever is answered. @throws Refusal where nobody answers */
  ask(method: string, path: string, options?: { query?: Query; body?: unknown }): Promise<{ status: number; json: unknown }>;
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

const timeoutMs = 60_000;

export const adminClient = (flags: GatewayFlags, io: Pick<Io, 'env' | 'home' | 'platform' | 'fetch'>): AdminClient => {
  const url = gatewayUrl(flags, io);
  const key = gatewayKey(url, flags, io, { logins: true });
  const ask: AdminClient['ask'] = async (method, path, { query = {}, body } = {}) => {
    const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
    const search = given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
    let response: Response;
    let text: string;
    try {
      response = await io.fetch(`${url}${path}${search}`, {
        method,
        headers: {
          'user-agent': 'sluice-cli',
          ...(key && { authorization: `Bearer ${key.value}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(timeoutMs),
        // A key must not follow to wherever an answer points.
        redirect: 'manual',
      });
      text = await response.text();
    } catch {
      throw new Refusal(
        `No gateway answers on ${url}. Start one with \`sluice\` in another terminal, or say where it is with SLUICE_URL or --url.`,
      );
    }
    return { status: response.status, json: parsed(text) };
  };
  return {
    url,
    key,
    ask,
    async call(method, path, options) {
      const { status, json } = await ask(method, path, options);
      if (status >= 200 && status < 300) return json;
      throw new Refusal(wordsOf(status, json, url, key));
    },
  };
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text === '' ? undefined : text.slice(0, 500);
  }
};

/** One sentence: what the gateway said, and what to do about a key that is missing. */
const wordsOf = (status: number, json: unknown, url: string, key: GatewayKey | undefined): string => {
  const said = saidBy(json);
  if (status === 401) {
    const how = 'Give one with SLUICE_API_KEY or --key, or sign in with `sluice login`.';
    return key
      ? `The gateway on ${url} refuses the key from ${key.from}: ${said ?? 'no reason given.'} ${how}`
      : `The gateway on ${url} wants a key. ${how}`;
  }
  return said ?? `The gateway on ${url} answered ${status}.`;
};

const saidBy = (json: unknown): string | undefined => {
  const { error, detail } = (typeof json === 'object' && json !== null ? json : {}) as { error?: unknown; detail?: unknown };
  for (const each of [error, detail]) {
    if (typeof each === 'string' && each !== '') return each;
    const { message, error: inner } = (typeof each === 'object' && each !== null ? each : {}) as { message?: unknown; error?: unknown };
    if (typeof message === 'string' && message !== '') return message;
    if (typeof inner === 'string' && inner !== '') return inner;
  }
  return undefined;
};

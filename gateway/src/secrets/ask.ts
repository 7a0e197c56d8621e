import { backoffMs } from 'sluice/kit';
import { ManagerFailure, mapping, type Mapping, type SecretWorld, type TlsOptions } from './manager.ts';

export interface Question {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The text, where it is a JSON object. */
  value: Mapping | undefined;
}

/** One question to a manager. @throws ManagerFailure where there is no answer, after three tries; any status is an answer */
export type Ask = (question: Question, signal: AbortSignal) => Promise<Answer>;

const tries = 3;
const pause = { initialMs: 200, maxMs: 2000, jitterMs: 200 };
/** The largest secret of all managers is Vault's, of 1 MiB; JSON makes more of it. */
const maxBytes = 2 * 1024 * 1024;

/** @param timeoutMs of one try */
export const createAsk = (
  { fetch, clock, random }: Pick<SecretWorld, 'fetch' | 'clock' | 'random'>,
  { timeoutMs, tls }: { timeoutMs: number; tls?: TlsOptions | undefined },
): Ask => {
  const once = async ({ url, ...init }: Question, signal: AbortSignal): Promise<Answer> => {
    const late = AbortSignal.timeout(timeoutMs);
    try {
      // A redirect would carry what the question proves to somebody else.
      const given = { ...init, headers: { ...init.headers }, redirect: 'manual', signal: AbortSignal.any([signal, late]) } as const;
      const response = await fetch(url, tls ? { ...given, tls } : given);
      const text = await boundedText(response);
      return { status: response.status, headers: response.headers, text, value: parse(text) };
    } catch (cause) {
      if (signal.aborted || cause instanceof ManagerFailure) throw cause;
      if (late.aborted) throw new ManagerFailure(`it did not answer within ${timeoutMs} ms`, { passes: true });
      throw new ManagerFailure(`it cannot be reached (${codeOf(cause)})`, { passes: true });
    }
  };
  return async (question, signal) => {
    for (let retry = 0; ; retry++) {
      const last = retry === tries - 1;
      try {
        const answer = await once(question, signal);
        if (last || !mayPass(answer.status)) return answer;
      } catch (cause) {
        if (last || !(cause instanceof ManagerFailure) || !cause.passes) throw cause;
      }
      await clock.sleep(backoffMs(retry, random, pause), signal);
    }
  };
};

/** 472 and 473 are Vault's: a standby node that does not serve. */
export const mayPass = (status: number): boolean => status >= 500 || status === 429 || status === 408 || status === 472 || status === 473;

/** A status that is none of those that the caller knows. @param said a word of the answer */
export const refusal = ({ status }: Pick<Answer, 'status'>, said = '', hint = ''): ManagerFailure =>
  new ManagerFailure(
    `it answered ${status}${said && ` (${said})`}${status >= 300 && status < 400 ? ', which leads elsewhere: give the address where it ends' : ''}${hint && `: ${hint}`}`,
    { passes: mayPass(status) },
  );

/** An answer that is not what was asked for. */
export const odd = (what: string): ManagerFailure => new ManagerFailure(`its answer holds no ${what}: is this address the right one?`);

/** Runtimes put addresses and more into their messages; their codes are words. */
const codeOf = (cause: unknown): string => {
  const { code, name } = (cause ?? {}) as { code?: unknown; name?: unknown };
  return [code, name].find((each): each is string => typeof each === 'string' && /^\w{1,60}$/.test(each)) ?? 'no connection';
};

const parse = (text: string): Mapping | undefined => {
  try {
    return mapping(JSON.parse(text));
  } catch {
    return undefined;
  }
};

const boundedText = async (response: Response): Promise<string> => {
  if (!response.body) return '';
  const reader = response.body.getReader();
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > maxBytes) {
      await reader.cancel().catch(() => {});
      throw new ManagerFailure('its answer is too large to be a secret');
    }
    pieces.push(value);
  }
  return new TextDecoder().decode(Buffer.concat(pieces));
};

import { SluiceError } from '../../../types/index.ts';
import { refused, type CredentialWorld } from './types.ts';

export interface CredentialAnswer {
  status: number;
  text: string;
}

const timeoutMs = 10_000;
/** Credentials are small; an endpoint that sends more is another one. */
const maxAnswerLength = 1024 * 1024;

/**
 * Asks a service for credentials. Nothing of the answer is checked here.
 * @param who for people: `AWS STS`
 * @throws SluiceError `connection`
 */
export const ask = async (
  { fetch }: Pick<CredentialWorld, 'fetch'>,
  who: string,
  url: string,
  init: RequestInit,
  withinMs = timeoutMs,
): Promise<CredentialAnswer> => {
  let response: Response;
  let text: string;
  try {
    // A redirect would carry the request, and what it proves, to somebody else.
    response = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(withinMs) });
    text = await response.text();
  } catch (cause) {
    throw new SluiceError('connection', `No answer from ${who} (${new URL(url).host}).`, { provider: 'bedrock', cause });
  }
  if (text.length > maxAnswerLength) throw refused(`${who} answered with something that is no credential.`);
  return { status: response.status, text };
};

/** A refusal, or a failure that passes. @param why what the service said, without secrets */
export const failed = (who: string, status: number, why: string): SluiceError =>
  status >= 500 || status === 429 || /Throttl|TooManyRequests/.test(why)
    ? new SluiceError('unavailable', `${who} cannot give credentials now: ${why}`, { provider: 'bedrock' })
    : refused(`${who} refused to give credentials: ${why}`);

export const parseObject = (text: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
};

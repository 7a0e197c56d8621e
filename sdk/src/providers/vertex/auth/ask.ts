import type { JsonObject } from '../../../types/index.ts';
import { authFailure } from './failure.ts';
import type { AuthTools } from './tools.ts';

export interface Question {
  url: string;
  /** What is asked, for messages: `Google's token server`. */
  who: string;
  method?: 'GET' | 'PUT' | 'POST';
  headers?: Readonly<Record<string, string>>;
  /** A form. */
  form?: Readonly<Record<string, string>>;
  json?: JsonObject;
  timeoutMs?: number;
}

const defaultTimeoutMs = 10_000;
/** A token is some kilobytes. */
const maxAnswerCharacters = 1024 * 1024;

/**
 * Asks and reads the answer's text. Redirects are not followed: they could lead a secret elsewhere.
 * @throws SluiceError `connection`, `unavailable`, `authentication`
 */
export const askText = async (question: Question, { fetch }: Pick<AuthTools, 'fetch'>): Promise<{ text: string; headers: Headers }> => {
  const { url, who, form, json, timeoutMs = defaultTimeoutMs } = question;
  const body = form ? new URLSearchParams(form).toString() : json && JSON.stringify(json);
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method: question.method ?? (body === undefined ? 'GET' : 'POST'),
      headers: {
        accept: 'application/json',
        ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...(json && { 'content-type': 'application/json' }),
        ...question.headers,
      },
      ...(body !== undefined && { body }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    text = await response.text();
  } catch (cause) {
    throw authFailure(`No answer from ${who}.`, 'connection', cause);
  }
  if (text.length > maxAnswerCharacters) throw authFailure(`${who} answered with something that is no token.`);
  if (response.ok) return { text, headers: response.headers };
  const why = reasonOf(text) ?? `status ${response.status}`;
  throw response.status >= 500 || response.status === 429
    ? authFailure(`${who} cannot give a token now: ${why}`, 'unavailable')
    : authFailure(`${who} refused the credentials: ${why}`);
};

/** The same, where the answer is a JSON object. */
export const askJson = async (question: Question, tools: Pick<AuthTools, 'fetch'>): Promise<JsonObject> => {
  const value = parseObject((await askText(question, tools)).text);
  if (!value) throw authFailure(`${question.who} answered with something that is not JSON.`);
  return value;
};

export const parseObject = (text: string): JsonObject | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
};

/** The first line of what OAuth (`error_description`) or Google's APIs (`error.message`) say. */
const reasonOf = (text: string): string | undefined => {
  const body = parseObject(text);
  const { error } = body ?? {};
  const nested = typeof error === 'object' && error !== null ? (error as JsonObject)['message'] : undefined;
  const said = [body?.['error_description'], nested, error].find((each) => typeof each === 'string' && each !== '');
  return typeof said === 'string' ? said.split(/[\r\n]/)[0]!.slice(0, 300) : undefined;
};

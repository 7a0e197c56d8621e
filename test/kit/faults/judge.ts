import type { ClientRoute } from '../client-routes.ts';
import { readers } from '../read/index.ts';
import { readError } from '../read/errors.ts';
import { fullText } from './answers.ts';
import type { Outcome } from './expect.ts';

/** What came to the client. */
export interface Got {
  status: number;
  contentType: string;
  text: string;
  /** The client's format is the provider's: its bytes are none of the gateway's making. */
  same: boolean;
}

/** A line of the gateway's log, as far as it is looked at. */
export interface LoggedCall {
  status?: unknown;
  errorCode?: unknown;
  errorMessage?: unknown;
  attempts?: unknown;
  provider?: unknown;
  /** Passed through. */
  same?: unknown;
}

/** What an answer that broke off cannot have. */
const ofTheEnd =
  /^(?:choice \d+ has no finish reason|no stop_reason|a block is never closed|a candidate has no finish reason|response\.failed after the end|the last event has another output|message-end with parts open)$/;
/** What the gateway itself adds to a stream that it passed through knows nothing of what went before. */
const ofTheAddition = /^sequence_number 0 after \d+$/;

const codes = (code: string | readonly string[]): readonly string[] => (typeof code === 'string' ? [code] : code);

const readStream = ({ format }: ClientRoute, text: string) => readers[format].stream(text);

const checks: {
  [K in Outcome['kind']]: (client: ClientRoute, stream: boolean, got: Got, outcome: Extract<Outcome, { kind: K }>) => string[];
} = {
  complete(client, stream, { status, text, same }) {
    if (status !== 200) return [`status ${status}: ${JSON.stringify(text.slice(0, 200))}`];
    const reading = stream ? readStream(client, text) : readers[client.format].whole(text);
    const problems = same ? [] : [...reading.faults];
    if (reading.error) problems.push(`an error: ${reading.error.message}`);
    // Of what is passed through, vendors leave the mark out that is behind the finish reason.
    if (!reading.ended && !(same && reading.choices[0]?.finish === 'stop')) problems.push('no end');
    if (reading.choices[0]?.text !== fullText) problems.push(`text is ${JSON.stringify(reading.choices[0]?.text)}`);
    return problems;
  },
  error(client, _stream, { status, contentType, text }, outcome) {
    if (status !== outcome.status) return [`status ${status}, not ${outcome.status}: ${JSON.stringify(text.slice(0, 200))}`];
    const { message, faults } = readError(client.format, status, text);
    const problems = [...faults];
    if (!contentType.startsWith('application/json')) problems.push(`content type ${contentType}`);
    if (!outcome.words.test(message)) problems.push(`message: ${message || JSON.stringify(text.slice(0, 200))}`);
    return problems;
  },
  broken(client, stream, { status, text, same }, outcome) {
    if (status !== 200 || !stream) return [`status ${status}: ${JSON.stringify(text.slice(0, 200))}`];
    const reading = readStream(client, text);
    const problems = reading.faults.filter((fault) => !ofTheEnd.test(fault) && !(same && ofTheAddition.test(fault)));
    if (!reading.error) problems.push('no error');
    else if (!outcome.words.test(reading.error.message)) problems.push(`message: ${reading.error.message}`);
    const told = reading.choices[0]?.text ?? '';
    if (told === '' || !fullText.startsWith(told)) problems.push(`text is ${JSON.stringify(told)}`);
    if (told !== fullText && reading.choices.some(({ finish }) => finish === 'stop' || finish === 'tool-calls'))
      problems.push('ends as if it were complete');
    return problems;
  },
};

const judgeOne = (client: ClientRoute, stream: boolean, got: Got, logged: LoggedCall | undefined, outcome: Outcome): string[] => {
  const problems = (checks[outcome.kind] as (...all: unknown[]) => string[])(client, stream, got, outcome);
  if (!logged) return [...problems, 'no log line'];
  const { status, errorCode, errorMessage, attempts, provider } = logged;
  if (status !== got.status) problems.push(`the log says status ${String(status)}`);
  if (attempts !== 1) problems.push(`the log says ${String(attempts)} attempts`);
  if (typeof provider !== 'string') problems.push('the log names no provider');
  if (outcome.kind === 'complete') {
    if (errorCode !== undefined) problems.push(`the log says ${String(errorCode)}`);
  } else {
    if (!codes(outcome.code).includes(String(errorCode))) problems.push(`the log says ${String(errorCode)}, not ${String(outcome.code)}`);
    // What the provider said is not logged: it may quote the prompt.
    if (errorMessage !== undefined && !outcome.words.test(String(errorMessage))) problems.push(`the log says: ${String(errorMessage)}`);
  }
  return problems;
};

/** What is wrong with what the client got and the log says; nothing, if one of the outcomes is met. */
export const judge = (
  client: ClientRoute,
  stream: boolean,
  got: Got,
  logged: LoggedCall | undefined,
  outcomes: Outcome | readonly Outcome[],
): string[] => {
  const all = (Array.isArray(outcomes) ? outcomes : [outcomes]) as readonly Outcome[];
  const found = all.map((outcome) => judgeOne(client, stream, got, logged, outcome));
  return found.find((problems) => problems.length === 0) ?? found.toSorted((a, b) => a.length - b.length)[0] ?? [];
};

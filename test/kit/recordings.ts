import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { asServerSentEvents, isEventStream } from './read/event-stream.ts';

/*
 * Recorded exchanges with real providers. They lie outside the project (`SLUICE_RECORDINGS`, or
 * `../shared/recordings` beside the repository) and are only read: without them the replay suites are skipped.
 */

/** One exchange: what was asked, what came back. */
export interface Recording {
  /** The line in the file, from 0: names the recording in one run. */
  index: number;
  /** Where it comes from; together with `n` it names the recording for good. */
  source: string;
  file: string;
  n: number;
  provider: string;
  endpoint: string;
  model: string;
  stream: boolean;
  method: string;
  url: string;
  requestHeaders: Record<string, string>;
  requestText: string;
  status: number;
  responseHeaders: Record<string, string>;
  responseBytes: Uint8Array<ArrayBuffer>;
}

/** A line of the file, as far as it is read here. */
interface Line {
  source: string;
  file: string;
  n: number;
  provider: string;
  endpoint: string;
  model: string | null;
  stream: boolean;
  method: string;
  url: string;
  req_headers: Record<string, string>;
  req_body: string;
  status: number;
  resp_headers: Record<string, string>;
  resp_body?: string;
  resp_body_b64?: string;
}

const root = resolve(import.meta.dir, '../..');

/** Where data that is not part of the project lies: the variable if it is set, else beside the repository. */
export const outside = (variable: string, beside: string): string => resolve(root, process.env[variable] ?? join('../shared', beside));

const recordingsFile = (): string | undefined => {
  const path = outside('SLUICE_RECORDINGS', 'recordings');
  const file = existsSync(path) && statSync(path).isDirectory() ? join(path, 'recordings.jsonl.gz') : path;
  return existsSync(file) ? file : undefined;
};

/** Why the replay suites cannot run, or undefined if they can. */
export const recordingsMissing = (): string | undefined =>
  recordingsFile() === undefined
    ? `no recordings in ${outside('SLUICE_RECORDINGS', 'recordings')} (set SLUICE_RECORDINGS to their folder): replay suites are skipped`
    : undefined;

let loaded: Recording[] | undefined;

/** All recordings, read once a process; an empty list where there are none. */
export const loadRecordings = (): Recording[] => (loaded ??= read(recordingsFile()));

const read = (file: string | undefined): Recording[] => {
  if (file === undefined) return [];
  const bytes = readFileSync(file);
  const text = new TextDecoder().decode(file.endsWith('.gz') ? Bun.gunzipSync(bytes) : bytes);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => fromLine(JSON.parse(line) as Line, index));
};

/** @param line one line of the file, parsed */
export const fromLine = (line: Line, index: number): Recording => ({
  index,
  source: line.source,
  file: line.file,
  n: line.n,
  provider: line.provider,
  endpoint: line.endpoint,
  model: line.model ?? '',
  stream: line.stream,
  method: line.method,
  url: line.url.replace(/#.*$/, ''),
  requestHeaders: line.req_headers,
  requestText: line.req_body,
  status: line.status,
  responseHeaders: line.resp_headers,
  responseBytes:
    line.resp_body_b64 === undefined
      ? new TextEncoder().encode(line.resp_body ?? '')
      : new Uint8Array(Buffer.from(line.resp_body_b64, 'base64')),
});

/** The recording's lasting name: `source file#n`. */
export const nameOf = ({ source, file, n }: Pick<Recording, 'source' | 'file' | 'n'>): string => `${source} ${file}#${n}`;

/** The answer as a reader takes it. */
export const responseText = ({ responseBytes }: Recording): string => readable(responseBytes);

/** A body as text; AWS's event streams as the server-sent events that they might have been. */
export const readable = (bytes: Uint8Array): string => (isEventStream(bytes) ? asServerSentEvents(bytes) : new TextDecoder().decode(bytes));

/** The request's body, or undefined where it is not a JSON object. */
export const requestBody = (recording: Recording): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(recording.requestText);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
};

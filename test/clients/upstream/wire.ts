/*
 * The fake providers of the tests with real clients. They write answers and read requests by hand, as the vendors'
 * documents show them, and import nothing from the SDK: a mistake of its protocols cannot hide in them as well.
 */

export type Json = Record<string, unknown>;

/** A call that the model makes. */
export interface Call {
  id: string;
  name: string;
  args: Json;
  /** Gemini: what must stand on this call when it comes back. */
  signature?: string;
}

/** What the model says in one turn. */
export interface Turn {
  thinking?: { text: string; /** The vendor's proof, to come back unchanged. */ signature: string };
  /** Anthropic: a thought that nobody may read. */
  redacted?: string;
  text?: string;
  calls?: Call[];
}

export type Reply =
  | Turn
  /** An HTTP error. */
  | { failure: { status: number; message: string } }
  /** A stream that begins with this text, and then: an error event, an end without the end mark, or nothing any more. */
  | { begins: string; ends: 'error' | 'cut' | 'silence' }
  /** Never answers. */
  | 'silence';

/** One turn of the model as it came back in a later request. */
export interface TurnBack {
  text: string;
  /** Everything opaque about its thoughts, verbatim and in order. */
  thoughts: string[];
  calls: Call[];
}

export interface ResultBack {
  /** Absent where the format has none. */
  id?: string;
  name?: string;
  text: string;
}

/** What a request says, read from its body. */
export interface Asked {
  system: string;
  users: string[];
  turns: TurnBack[];
  results: ResultBack[];
  tools: string[];
  /** The tool that must be called. */
  forced?: string;
  /** The schema that the answer must have. */
  schema?: unknown;
  /** What the vendor would refuse. */
  faults: string[];
}

/** One vendor's wire format. */
export interface Wire {
  /** Whether it is this path, and whether a stream is asked for by it. */
  path: RegExp;
  isStream(path: string, body: Json): boolean;
  /** Of a stream; absent: server-sent events. */
  contentType?: string;
  read(body: Json): Asked;
  whole(turn: Turn, body: Json): Json;
  /** Events, each as it is on the wire. */
  events(turn: Turn, body: Json): (string | Uint8Array)[];
  /** The events of a stream that begins with this text, without any end. */
  begin(text: string, body: Json): (string | Uint8Array)[];
  errorEvent(message: string): string | Uint8Array;
  error(failure: { status: number; message: string }): { body: Json; headers: Record<string, string> };
}

/** What every answer costs: input 20 of which 4 from the cache, output 9 of which 3 thought. */
export const cost = { input: 20, cached: 4, output: 9, thought: 3 } as const;

export const createdAt = 1_763_700_000;

export const sse = (data: Json | string, event?: string): string =>
  `${event === undefined ? '' : `event: ${event}\n`}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;

/** A text in pieces, as tokens come. */
export const pieces = (text: string, size = 7): string[] => {
  const found: string[] = [];
  const letters = [...text];
  for (let at = 0; at < letters.length; at += size) found.push(letters.slice(at, at + size).join(''));
  return found;
};

export const object = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
export const list = (value: unknown): Json[] => (Array.isArray(value) ? value.map(object) : []);
export const string = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The text of a message's content, which is a string or a list of parts. */
export const textOf = (content: unknown): string =>
  typeof content === 'string'
    ? content
    : list(content)
        .map((part) => string(part['text']))
        .join('');

export const noAsked = (): Asked => ({ system: '', users: [], turns: [], results: [], tools: [], faults: [] });

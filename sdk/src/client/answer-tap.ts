import { anthropicMessages, bedrockConverse, chatProtocols, cohereChat, gemini, ollamaChat, openaiChat } from '../protocols/index.ts';
import { parseObject } from '../protocols/shared/read.ts';
import { recognise } from '../protocols/shared/recognise.ts';
import { readOpenAiUsage } from '../protocols/shared/openai-usage.ts';
import { concatBytes } from '../lib/event-boundary.ts';
import type { ChatProtocol, Framing, JsonObject, StreamTap, Usage, WireEvent } from '../types/index.ts';
import { parserOf } from './framing.ts';

/** Reads usage and model from an answer that goes by untouched, whatever it is. Never throws: what it cannot read it does not know. */
export interface AnswerTap {
  push(bytes: Uint8Array): void;
  /** All has gone by. */
  end(): void;
  readonly usage: Usage | undefined;
  readonly model: string | undefined;
  /** About how many tokens of a stream's output were seen that `usage` does not count. */
  readonly uncounted: number;
}

export interface AnswerTapOptions {
  contentType: string | null;
  /** Of a whole answer that is larger, the end alone is read, where most say what they used. Bytes. */
  maxBytes?: number;
}

const framings: readonly (readonly [RegExp, Framing])[] = [
  [/^text\/event-stream\b/i, 'sse'],
  [/^application\/(?:x-)?(?:ndjson|jsonl?-?lines?|stream\+json)\b/i, 'ndjson'],
  [/^application\/vnd\.amazon\.eventstream\b/i, 'aws-event-stream'],
];

const json = /^(?:application|text)\/(?:[\w.+-]*\+)?json\b/i;

export const createAnswerTap = ({ contentType, maxBytes = 4 * 1024 * 1024 }: AnswerTapOptions): AnswerTap => {
  const type = contentType?.trim() ?? '';
  const framing = framings.find(([pattern]) => pattern.test(type))?.[1];
  if (framing !== undefined) return new StreamReader(framing);
  return json.test(type) ? new WholeReader(maxBytes) : nothing;
};

const nothing: AnswerTap = { push() {}, end() {}, usage: undefined, model: undefined, uncounted: 0 };

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** The name of the model that an answer gives. */
const modelOf = (body: JsonObject): string | undefined => textOf(body['model']) ?? textOf(body['modelVersion']);

/** Kinds of usage by the member that tells them apart. */
const readers: readonly (readonly [(body: JsonObject) => boolean, (body: JsonObject) => Usage | undefined])[] = [
  [(body) => isObject(body['usageMetadata']), gemini.response.usage],
  [({ type }) => type === 'message', anthropicMessages.response.usage],
  [({ usage }) => isObject(usage) && 'inputTokens' in usage, bedrockConverse.response.usage],
  [({ usage }) => isObject(usage) && ('tokens' in usage || 'billed_units' in usage), cohereChat.response.usage],
  [({ meta }) => isObject(meta) && ('tokens' in meta || 'billed_units' in meta), ofMeta],
  [({ usage }) => isObject(usage) && ('total_input_tokens' in usage || 'totalInputTokens' in usage), ofInteraction],
  [({ prompt_eval_count: count }) => count !== undefined, ollamaChat.response.usage],
  [({ usage }) => isObject(usage), ({ usage }) => readOpenAiUsage(usage)],
];

/** Cohere's older calls, embeddings and reranking. */
function ofMeta({ meta }: JsonObject): Usage | undefined {
  const usage = cohereChat.response.usage({ usage: meta });
  const units = (meta as JsonObject)['billed_units'];
  const queries = isObject(units) ? units['search_units'] : undefined;
  return typeof queries === 'number' ? { inputTokens: 0, outputTokens: 0, ...usage, units: { queries } } : usage;
}

/**
 * Gemini's interactions count as the rest of its API does, in words of their own, which Vertex AI writes in camel case
 * (https://googleapis.github.io/js-genai, `Interactions.Usage`, read 2026-11-22).
 */
function ofInteraction({ usage }: JsonObject): Usage | undefined {
  const counts = usage as JsonObject;
  const of = (name: string): unknown => counts[`total_${name}_tokens`] ?? counts[`total${camel(name)}Tokens`];
  const known = Object.fromEntries(interactionNames.flatMap(([name, count]) => (of(name) === undefined ? [] : [[count, of(name)]])));
  return gemini.response.usage({ usageMetadata: known });
}

const interactionNames = [
  ['input', 'promptTokenCount'],
  ['output', 'candidatesTokenCount'],
  ['thought', 'thoughtsTokenCount'],
  ['cached', 'cachedContentTokenCount'],
  ['tool_use', 'toolUsePromptTokenCount'],
] as const;

const camel = (name: string): string => name.replaceAll(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());

/** What a whole answer says that it used, whichever vendor's it is. Undefined: nothing that is known. */
export const usageInAnswer = (body: JsonObject): Usage | undefined => {
  try {
    return readers.find(([knows]) => knows(body))?.[1](body);
  } catch {
    return undefined;
  }
};

class WholeReader implements AnswerTap {
  usage: Usage | undefined;
  model: string | undefined;
  readonly #maxBytes: number;
  #pieces: Uint8Array[] = [];
  #length = 0;
  readonly uncounted = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  push(bytes: Uint8Array): void {
    this.#length += bytes.length;
    this.#pieces.push(bytes);
    if (this.#length <= this.#maxBytes) return;
    const held = concatBytes(this.#pieces);
    this.#pieces = [held.slice(Math.max(0, held.length - tailBytes))];
  }

  end(): void {
    if (this.#length === 0) return;
    const text = new TextDecoder().decode(concatBytes(this.#pieces));
    this.#pieces = [];
    if (this.#length > this.#maxBytes) return this.#readEnd(text);
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return;
    }
    // Gemini's streams without `alt=sse` are lists, whose last has the whole count.
    for (const body of Array.isArray(value) ? value : [value]) {
      if (!isObject(body)) continue;
      this.model ??= modelOf(body);
      this.usage = usageInAnswer(body) ?? this.usage;
    }
  }

  #readEnd(text: string): void {
    for (const found of text.matchAll(counting)) {
      const object = objectAt(text, found.index + found[0].length);
      if (object) this.usage = usageInAnswer({ [found[0].split('"')[1]!]: object }) ?? this.usage;
    }
  }
}

/** Behind many vectors or pictures stands what they cost. */
const tailBytes = 16 * 1024;
const counting = /"(?:usage|usageMetadata|meta)"\s*:\s*(?=\{)/g;

/** Braces that are tried as its end. */
const maxDepth = 16;

/** The object that a text begins with; undefined: it does not end, or is none. */
const objectAt = (text: string, from: number): JsonObject | undefined => {
  let end = text.indexOf('}', from);
  for (let tries = 0; end !== -1 && tries < maxDepth; tries++, end = text.indexOf('}', end + 1)) {
    const object = parseObject(text.slice(from, end + 1));
    if (object) return object;
  }
  return undefined;
};

const byId = new Map(chatProtocols.map((protocol) => [protocol.id, protocol]));

/** The format of a stream by an event of it; undefined if that tells nothing. */
const formatOf = ({ event, data }: WireEvent, body: JsonObject): ChatProtocol | undefined => {
  if ('candidates' in body || 'usageMetadata' in body) return gemini;
  if (event === 'messageStart') return bedrockConverse;
  if (body['type'] === 'message-start') return cohereChat;
  if ('done' in body && ('message' in body || 'response' in body)) return ollamaChat;
  const known = recognise(body);
  if (known !== undefined) return byId.get(known);
  // Streams of images and transcriptions end with an event that counts.
  return data.includes('"usage"') ? openaiChat : undefined;
};

/** What Bedrock wraps around the events of other vendors. */
const unwrapped = (event: WireEvent): WireEvent => {
  if (event.event !== 'chunk') return event;
  const bytes = parseObject(event.data)?.['bytes'];
  if (typeof bytes !== 'string') return event;
  const data = new TextDecoder().decode(Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0)));
  const type = textOf(parseObject(data)?.['type']);
  return { data, ...(type !== undefined && { event: type }) };
};

/** How many events may say nothing before it is given up. */
const maxSilentEvents = 1000;

class StreamReader implements AnswerTap {
  #tap: StreamTap | undefined;
  #silent = 0;
  #model: string | undefined;
  #broken = false;
  readonly #parser: ReturnType<typeof parserOf>;

  constructor(framing: Framing) {
    this.#parser = parserOf(framing, (event) => this.#read(unwrapped(event)));
  }

  push(bytes: Uint8Array): void {
    this.#guarded(() => this.#parser.push(bytes));
  }

  end(): void {
    this.#guarded(() => this.#parser.close());
  }

  get usage(): Usage | undefined {
    return this.#tap?.usage;
  }

  get uncounted(): number {
    return this.#tap?.uncounted ?? 0;
  }

  get model(): string | undefined {
    return this.#tap?.model ?? this.#model;
  }

  #guarded(read: () => void): void {
    if (this.#broken) return;
    try {
      read();
    } catch {
      this.#broken = true;
    }
  }

  #read(event: WireEvent): void {
    if (this.#tap) return this.#tap.push(event);
    const body = parseObject(event.data);
    if (body) {
      this.#model ??= modelOf(body);
      this.#tap = formatOf(event, body)?.stream.tap();
    }
    if (this.#tap) this.#tap.push(event);
    else if (++this.#silent > maxSilentEvents) this.#broken = true;
  }
}

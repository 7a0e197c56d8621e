import { breathe } from '../../lib/breathe.ts';
import { estimateTokens } from '../../lib/estimate-tokens.ts';

/** Turns text into the numbers of a model's vocabulary and back. */
export interface Tokenizer {
  encode(text: string): readonly number[];
  decode(tokens: readonly number[]): string;
}

const newest = /^(?:gpt-(?:4o|4\.[1-9]|[5-9])|chatgpt-|o\d|ft:gpt-4(?:o|\.1)|gpt-oss)/;
const older = /^(?:gpt-(?:4|3\.5)|ft:gpt-3\.5|text-embedding-(?:ada|3))/;

/** The vocabulary of OpenAI's models, by name (https://github.com/openai/tiktoken, read 2026-11-22). Undefined: others publish none for their APIs. */
export const encodingOf = (model: string): 'o200k_base' | 'cl100k_base' | undefined => {
  const name = model.slice(model.lastIndexOf('/') + 1);
  if (newest.test(name)) return 'o200k_base';
  return older.test(name) ? 'cl100k_base' : undefined;
};

const loaded = new Map<string, Promise<Tokenizer | undefined>>();

/**
 * The tokenizer of an encoding, from the package `gpt-tokenizer` where it is installed: an optional peer, since its
 * vocabularies are larger than this package. Undefined where it is not.
 */
export const loadTokenizer = (encoding: string): Promise<Tokenizer | undefined> => {
  let tokenizer = loaded.get(encoding);
  if (!tokenizer) {
    // The name is put together so that bundlers leave it alone: what is not installed must not fail a build.
    const name = ['gpt-tokenizer', 'encoding', encoding].join('/');
    tokenizer = (import(name) as Promise<Tokenizer>).catch(() => undefined);
    loaded.set(encoding, tokenizer);
  }
  return tokenizer;
};

/** Encoders take quadratic time on what has no space in it (20,000 characters of Chinese: two seconds). Characters. */
const longestRun = 300;
/** About a millisecond's work. Characters. */
const piece = 8000;

/**
 * Cuts a text where words end, so that its pieces have as many tokens as the whole; a run without a space is cut where it
 * grows too long, which may cost a token a cut.
 */
export function* pieces(text: string): Generator<string> {
  let start = 0;
  let lastSpace = -1;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 32 || code === 10) lastSpace = at;
    const run = at - Math.max(lastSpace, start);
    if (at - start >= piece && lastSpace > start) {
      yield text.slice(start, lastSpace);
      start = lastSpace;
    } else if (run >= longestRun && !isLowSurrogate(text.charCodeAt(at + 1))) {
      yield text.slice(start, at + 1);
      start = at + 1;
    }
  }
  if (start < text.length) yield text.slice(start);
}

const isLowSurrogate = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;

/** How long the event loop may be held by one turn, in milliseconds. */
const turnMs = 5;

/** Counts in turns of a few milliseconds each, so that nothing else waits for it. Without a tokenizer: an estimate. */
export const countText = async (text: string, tokenizer: Tokenizer | undefined): Promise<number> => {
  if (!tokenizer) return estimateTokens(text);
  let tokens = 0;
  let began = performance.now();
  for (const each of pieces(text)) {
    tokens += tokenizer.encode(each).length;
    if (performance.now() - began < turnMs) continue;
    await breathe();
    began = performance.now();
  }
  return tokens;
};

import type { Citation, JsonObject } from '../../types/index.ts';
import { asArray, asNumber, asObject, asObjects, asString, compact } from '../shared/read.ts';

/*
 * Google's sources <-> citations. Google counts in bytes of UTF-8 within a part and leaves zeros out
 * (https://ai.google.dev/api/generate-content#GroundingMetadata, read 2026-11-21); citations count in UTF-16 units of
 * the answer's text.
 */

/** The UTF-16 offset of a byte offset. */
const fromByteOffset = (text: string, bytes: number): number => {
  let left = bytes;
  let at = 0;
  while (at < text.length && left > 0) {
    const code = text.codePointAt(at)!;
    left -= code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    at += code < 0x10000 ? 1 : 2;
  }
  return at;
};

const byteLength = (text: string): number => new TextEncoder().encode(text).length;

/** The sources that an answer named so far. In a stream they come in pieces, and supports count through all of them. */
export class Sources {
  #chunks: JsonObject[] = [];
  readonly #seen = new Set<string>();

  /**
   * @param text the candidate's text so far
   * @param starts where in it each part of the answer begins, by its place in the wire's list
   * @returns the citations that are new
   */
  read(metadata: JsonObject, text: string, starts: readonly number[]): Citation[] {
    const chunks = asObjects(metadata['groundingChunks']);
    // New ones only, or all again: both are seen.
    const again = chunks.length >= this.#chunks.length && JSON.stringify(chunks[0]) === JSON.stringify(this.#chunks[0]);
    if (again) this.#chunks = chunks;
    else this.#chunks.push(...chunks);

    const supports = asObjects(metadata['groundingSupports']);
    const found =
      supports.length > 0
        ? supports.flatMap((support) => this.#ofSupport(support, text, starts))
        : chunks.map(readChunk).filter((each) => each !== undefined);
    return found.filter((citation) => {
      const key = JSON.stringify(citation);
      if (this.#seen.has(key)) return false;
      this.#seen.add(key);
      return true;
    });
  }

  #ofSupport(support: JsonObject, text: string, starts: readonly number[]): Citation[] {
    const segment = asObject(support['segment']) ?? {};
    // In a stream, where parts are pieces of one text, no index is given, and the count goes through all of it.
    const base = starts[asNumber(segment['partIndex']) || -1] ?? 0;
    const part = text.slice(base);
    const end = asNumber(segment['endIndex']);
    const where =
      end === undefined
        ? {}
        : { startIndex: base + fromByteOffset(part, asNumber(segment['startIndex']) ?? 0), endIndex: base + fromByteOffset(part, end) };
    return asArray(support['groundingChunkIndices']).flatMap((index) => {
      const source = typeof index === 'number' ? readChunk(this.#chunks[index]) : undefined;
      return source ? [{ ...source, ...where }] : [];
    });
  }
}

const readChunk = (chunk: JsonObject | undefined): Citation | undefined => {
  const web = asObject(chunk?.['web']) ?? asObject(chunk?.['maps']);
  if (web) return compact<Citation>({ kind: 'url', url: asString(web['uri']), title: asString(web['title']) });
  const document = asObject(chunk?.['retrievedContext']);
  if (!document) return undefined;
  return compact<Citation>({
    kind: 'document',
    url: asString(document['uri']),
    title: asString(document['title']),
    citedText: asString(document['text']),
  });
};

/** Recited passages: `citationSources` of the Gemini API, `citations` of Vertex AI. */
export const readCitationMetadata = (metadata: JsonObject, text: string): Citation[] =>
  asObjects(metadata['citationSources'] ?? metadata['citations']).map((source) => {
    const end = asNumber(source['endIndex']);
    return compact<Citation>({
      kind: 'url',
      url: asString(source['uri']),
      title: asString(source['title']),
      startIndex: end === undefined ? undefined : fromByteOffset(text, asNumber(source['startIndex']) ?? 0),
      endIndex: end === undefined ? undefined : fromByteOffset(text, end),
    });
  });

/** Citations of another vendor's answer -> `groundingMetadata`; undefined if there are none with a source. */
export const toGrounding = (citations: readonly Citation[], text: string): JsonObject | undefined => {
  const chunks: JsonObject[] = [];
  const indexes = new Map<string, number>();
  const supports: JsonObject[] = [];
  for (const { kind, url, title, citedText, startIndex, endIndex } of citations) {
    const source = compact({ uri: url, title });
    const chunk = kind === 'url' ? { web: source } : { retrievedContext: compact({ ...source, text: citedText }) };
    if (Object.keys(Object.values(chunk)[0]!).length === 0) continue;
    const key = JSON.stringify(chunk);
    let index = indexes.get(key);
    if (index === undefined) {
      index = chunks.push(chunk) - 1;
      indexes.set(key, index);
    }
    if (endIndex === undefined) continue;
    const start = startIndex ?? 0;
    supports.push({
      segment: {
        ...(start > 0 && { startIndex: byteLength(text.slice(0, start)) }),
        endIndex: byteLength(text.slice(0, endIndex)),
        text: text.slice(start, endIndex),
      },
      groundingChunkIndices: [index],
    });
  }
  if (chunks.length === 0) return undefined;
  return { groundingChunks: chunks, ...(supports.length > 0 && { groundingSupports: supports }) };
};

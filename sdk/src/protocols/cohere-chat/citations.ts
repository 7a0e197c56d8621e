import type { Citation, JsonObject } from '../../types/index.ts';
import { asNumber, asObject, asObjects, asString, compact } from '../shared/read.ts';
import { origin } from './common.ts';

/*
 * A citation is a range of one content block's text, and the sources that it rests on: documents of the request, or
 * outputs of its tools (https://docs.cohere.com/v2/docs/rag-citations, read 2026-11-22). The neutral one has one source,
 * so each source becomes one; those of one range come together again when they are written.
 */

/** Only citations of text have a place in the neutral model; those of plans and thoughts stay in the format. */
export const isOfText = ({ type }: JsonObject): boolean => type === undefined || type === 'TEXT_CONTENT';

/** @param text the block's, as far as it is known @param base where the block begins in the answer's text */
export const readCitation = (citation: JsonObject, text: string, base: number): Citation[] => {
  const start = asNumber(citation['start']);
  const end = asNumber(citation['end']);
  const at = start === undefined || end === undefined ? undefined : rangeOf(start, end, text, asString(citation['text']));
  const range = at && { startIndex: base + at[0], endIndex: base + at[1] };
  const sources = asObjects(citation['sources']);
  if (sources.length === 0) return [{ kind: 'document', ...range, raw: { origin, value: citation } }];
  return sources.map((source): Citation => {
    const held = asObject(source['document']) ?? asObject(source['tool_output']) ?? {};
    const url = [held['url'], source['id']].map(asString).find((each) => each !== undefined && /^https?:\/\//.test(each));
    return compact<Citation>({
      kind: url === undefined ? 'document' : 'url',
      url,
      title: asString(held['title']),
      citedText: ['text', 'snippet', 'content'].map((name) => asString(held[name])).find((each) => each !== undefined),
      ...range,
      raw: { origin, value: { ...citation, sources: [source] } },
    });
  });
};

/**
 * We count UTF-16 units. Whether Cohere does, or counts characters, is not told, and differs for text beyond the basic
 * plane only: there the cited words say which of the two it was.
 */
const rangeOf = (start: number, end: number, text: string, cited: string | undefined): [number, number] => {
  if (cited === undefined || text.slice(start, end) === cited) return [start, end];
  const characters = [...text];
  if (characters.slice(start, end).join('') !== cited) return [start, end];
  const before = characters.slice(0, start).join('').length;
  return [before, before + cited.length];
};

/** What a citation is relative to when it is written. */
export interface CitedBlock {
  contentIndex: number;
  /** All of its text so far. */
  text: string;
  /** Where it begins in the answer's text. */
  base: number;
  /** The part that the citation stands on, in the block: for citations that do not say where they apply. */
  part: readonly [number, number];
}

/** Citations of one block, for a client or for a request. */
export const writeCitations = (citations: readonly Citation[], block: CitedBlock): JsonObject[] => {
  const written: JsonObject[] = [];
  for (const citation of citations) {
    const next = citation.raw?.origin === origin ? citation.raw.value : foreign(citation, block);
    const last = written.at(-1);
    if (last && sameRange(last, next)) last['sources'] = [...asObjects(last['sources']), ...asObjects(next['sources'])];
    else written.push({ ...next });
  }
  return written;
};

const sameRange = (one: JsonObject, other: JsonObject): boolean =>
  ['start', 'end', 'text', 'type', 'content_index'].every((name) => one[name] === other[name]);

const foreign = ({ startIndex, endIndex, url, title, citedText }: Citation, { contentIndex, text, base, part }: CitedBlock): JsonObject => {
  const inside = (at: number) => Math.min(Math.max(at - base, 0), text.length);
  const start = startIndex === undefined ? part[0] : inside(startIndex);
  const end = endIndex === undefined ? part[1] : inside(endIndex);
  return {
    start,
    end,
    text: text.slice(start, end),
    sources: [{ type: 'document', id: url ?? title ?? 'document', document: compact({ title, url, text: citedText }) }],
    type: 'TEXT_CONTENT',
    content_index: contentIndex,
  };
};

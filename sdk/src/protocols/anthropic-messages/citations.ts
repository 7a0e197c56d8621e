import { table } from '../../lib/table.ts';
import type { Citation, JsonObject } from '../../types/index.ts';
import { asObjects, asString, compact } from '../shared/read.ts';
import { origin } from './common.ts';

/*
 * Citations stand on text blocks (https://platform.claude.com/docs/en/build-with-claude/citations, read 2026-11-21). A
 * block's text is just what its citations are about, so their range is the block's.
 */

type Read = (citation: JsonObject) => Citation;

const document: Read = ({ document_title, cited_text }) => ({
  kind: 'document',
  title: asString(document_title),
  citedText: asString(cited_text),
});

const readers: Readonly<Record<string, Read>> = table({
  web_search_result_location: ({ url, title, cited_text }) => ({
    kind: 'url',
    url: asString(url),
    title: asString(title),
    citedText: asString(cited_text),
  }),
  search_result_location: ({ source, title, cited_text }) => ({
    kind: 'search-result',
    url: asString(source),
    title: asString(title),
    citedText: asString(cited_text),
  }),
});

export const readCitation = (citation: JsonObject): Citation => ({
  ...compact((readers[String(citation['type'])] ?? document)(citation)),
  raw: { origin, value: citation },
});

export const readCitations = (value: unknown): { citations?: Citation[] } => {
  const citations = asObjects(value).map(readCitation);
  return citations.length === 0 ? {} : { citations };
};

/**
 * A citation for a client: its own one as it came, a foreign one of the web in the nearest shape. Others have no
 * counterpart (they point into blocks that the client never saw) and are left out: undefined.
 */
export const writeCitation = (citation: Citation): JsonObject | undefined => {
  if (citation.raw?.origin === origin) return citation.raw.value;
  if (citation.kind !== 'url' || citation.url === undefined) return undefined;
  // `encrypted_index` is demanded; empty, because nobody else can make one. `replayable` knows such citations again.
  return {
    type: 'web_search_result_location',
    url: citation.url,
    title: citation.title ?? null,
    cited_text: citation.citedText ?? '',
    encrypted_index: '',
  };
};

/** Whether Anthropic will take a citation back in a later turn: it made it, so what it must hold is there. */
export const replayable = ({ raw }: Citation): boolean => raw?.origin === origin && raw.value['encrypted_index'] !== '';

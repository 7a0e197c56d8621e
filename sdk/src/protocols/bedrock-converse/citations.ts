import { table } from '../../lib/table.ts';
import type { Citation, JsonObject } from '../../types/index.ts';
import { asObject, asObjects, asString, compact } from '../shared/read.ts';
import { bedrock, usualOrigin } from './common.ts';

/*
 * Claude's citations are the same ones here and in Anthropic's own format, spelled otherwise. They are kept as Anthropic
 * spells them, so that a conversation may move between the two; what does not fit there is kept as it came.
 */

/** Bedrock's name of a place -> Anthropic's type, and the names of its members. */
const places = table<{ type: string; members: Readonly<Record<string, string>> }>({
  documentChar: { type: 'char_location', members: { documentIndex: 'document_index', start: 'start_char_index', end: 'end_char_index' } },
  documentPage: { type: 'page_location', members: { documentIndex: 'document_index', start: 'start_page_number', end: 'end_page_number' } },
  documentChunk: {
    type: 'content_block_location',
    members: { documentIndex: 'document_index', start: 'start_block_index', end: 'end_block_index' },
  },
  searchResultLocation: {
    type: 'search_result_location',
    members: { searchResultIndex: 'search_result_index', start: 'start_block_index', end: 'end_block_index' },
  },
});

const textsOf = (value: unknown): string[] => asObjects(value).map((piece) => asString(piece['text']) ?? '');

const placeOf = (citation: JsonObject): [name: string, place: JsonObject] | undefined => {
  const [name, place] = Object.entries(asObject(citation['location']) ?? {}).find(([, value]) => asObject(value)) ?? [];
  return name === undefined ? undefined : [name, place as JsonObject];
};

/** In Anthropic's spelling; undefined where something of it would be lost. */
const toAnthropic = (citation: JsonObject): JsonObject | undefined => {
  const { title, source, sourceContent, location: _location, ...more } = citation;
  const [name, place] = placeOf(citation) ?? [];
  const spelled = places[name ?? ''];
  if (!spelled || !place || Object.keys(more).length > 0) return undefined;
  const texts = textsOf(sourceContent);
  const isSearch = spelled.type === 'search_result_location';
  if (texts.length !== 1 || Object.keys(place).some((member) => !(member in spelled.members)) || (source !== undefined && !isSearch))
    return undefined;
  const value: JsonObject = {
    type: spelled.type,
    cited_text: texts[0],
    ...(isSearch ? { source, title: title ?? null } : { document_title: title ?? null }),
  };
  for (const [ours, theirs] of Object.entries(spelled.members)) if (place[ours] !== undefined) value[theirs] = place[ours];
  return value;
};

const fromAnthropic = (value: JsonObject): JsonObject | undefined => {
  const [name, spelled] = Object.entries(places).find(([, { type }]) => type === value['type']) ?? [];
  if (name === undefined || !spelled) return undefined;
  const place: JsonObject = {};
  for (const [ours, theirs] of Object.entries(spelled.members)) if (value[theirs] !== undefined) place[ours] = value[theirs];
  const title = asString(value['title'] ?? value['document_title']);
  return compact<JsonObject>({
    title,
    source: asString(value['source']),
    sourceContent: [{ text: asString(value['cited_text']) ?? '' }],
    location: { [name]: place },
  });
};

export const readCitation = (citation: JsonObject): Citation => {
  const [name, place] = placeOf(citation) ?? [];
  const texts = textsOf(citation['sourceContent']);
  const value = toAnthropic(citation);
  return {
    ...compact({
      kind: name === 'web' ? ('url' as const) : name === 'searchResultLocation' ? ('search-result' as const) : ('document' as const),
      url: asString(place?.['url']) ?? asString(citation['source']),
      title: asString(citation['title']),
      citedText: texts.length > 0 ? texts.join('') : undefined,
    }),
    raw: value ? { origin: usualOrigin, value } : { origin: bedrock, value: citation },
  };
};

/** A citation that Bedrock made, as it came; undefined for others. */
export const replayCitation = ({ raw }: Citation): JsonObject | undefined =>
  raw?.origin === bedrock ? raw.value : raw?.origin === usualOrigin ? fromAnthropic(raw.value) : undefined;

/** A citation for a client, also one of another provider. */
export const writeCitation = (citation: Citation): JsonObject =>
  replayCitation(citation) ??
  compact<JsonObject>({
    title: citation.title,
    sourceContent: citation.citedText === undefined ? undefined : [{ text: citation.citedText }],
    location: citation.url === undefined ? undefined : { web: { url: citation.url } },
  });

import type { Citation, JsonObject, Part, TextPart } from '../../types/index.ts';
import { asNumber, asObject, asObjects, asString, compact } from '../shared/read.ts';
import { own } from './own.ts';

/**
 * An `annotations` entry: OpenAI's `url_citation`, OpenRouter's `file`, Mistral's `reference` chunk. One that says more than
 * the neutral citation is kept whole beside it.
 */
export const readCitation = (annotation: JsonObject): Citation => {
  const nested = asObject(annotation['url_citation']);
  const value = nested ?? annotation;
  const url = asString(value['url']);
  const citation = compact<Citation>({
    kind: url === undefined ? 'document' : 'url',
    url,
    title: asString(value['title']) ?? asString(asObject(annotation['file'])?.['name']),
    citedText: asString(value['content']),
    startIndex: asNumber(value['start_index']),
    endIndex: asNumber(value['end_index']),
  });
  if (nested && Object.keys(nested).every((name) => plain.has(name))) return citation;
  return { ...citation, raw: { origin: annotation['type'] === 'reference' ? 'mistral' : own, value: annotation } };
};

const plain = new Set(['url', 'title', 'start_index', 'end_index']);

/**
 * Perplexity and xAI name their sources at the top of the answer, and the text refers to them by number: `[1]`.
 * @returns one citation a source, in their order
 */
export const readSources = (body: JsonObject): Citation[] => {
  const results = asObjects(body['search_results']);
  if (results.length > 0) {
    return results.map((result) =>
      compact<Citation>({
        kind: 'url',
        url: asString(result['url']),
        title: asString(result['title']),
        citedText: asString(result['snippet']),
      }),
    );
  }
  const citations = Array.isArray(body['citations']) ? body['citations'] : [];
  return citations.flatMap((url: unknown): Citation[] => (typeof url === 'string' ? [{ kind: 'url', url }] : []));
};

/** Gives the sources to the first text that has none of its own. */
export const addSources = (parts: Part[], sources: Citation[]): void => {
  const target = parts.find((part): part is TextPart => part.type === 'text');
  if (target && !target.citations && sources.length > 0) target.citations = sources;
};

/**
 * A citation as an annotation; undefined for a passage of a document, for which the format has no word.
 * @param start where the cited text begins in the whole answer, `end` where it ends: for citations that do not say
 */
export const writeCitation = (citation: Citation, start: number, end: number): JsonObject | undefined => {
  if (citation.raw?.origin === own) return citation.raw.value;
  if (citation.url === undefined) return undefined;
  return {
    type: 'url_citation',
    url_citation: {
      start_index: citation.startIndex ?? start,
      end_index: citation.endIndex ?? end,
      url: citation.url,
      title: citation.title ?? citation.url,
    },
  };
};

import type { Citation, JsonObject } from '../../types/index.ts';
import { asNumber, asString } from '../shared/read.ts';
import { family } from './native.ts';

/** An annotation of `output_text`. The original is kept, so that this family gets it back as it was. */
export const readAnnotation = (annotation: JsonObject): Citation => {
  const url = asString(annotation['url']);
  const title = asString(annotation['title']) ?? asString(annotation['filename']);
  const startIndex = asNumber(annotation['start_index']);
  const endIndex = asNumber(annotation['end_index']);
  return {
    kind: url === undefined ? 'document' : 'url',
    ...(url !== undefined && { url }),
    ...(title !== undefined && { title }),
    ...(startIndex !== undefined && { startIndex }),
    ...(endIndex !== undefined && { endIndex }),
    raw: { origin: family, value: annotation },
  };
};

/**
 * A citation as an annotation; undefined for a passage of a document, for which this format wants a file id.
 * @param textLength of the text so far: the end of the passage where the citation does not say
 */
export const writeAnnotation = (citation: Citation, textLength: number): JsonObject | undefined => {
  if (citation.raw?.origin === family) return citation.raw.value;
  if (citation.url === undefined) return undefined;
  return {
    type: 'url_citation',
    url: citation.url,
    title: citation.title ?? citation.url,
    start_index: citation.startIndex ?? 0,
    end_index: citation.endIndex ?? textLength,
  };
};

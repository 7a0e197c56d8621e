import { asNumber, asObject } from '../../protocols/shared/read.ts';
import type { Adapter, JsonObject, Target, Wire } from '../../types/index.ts';
import { noAnswer } from '../media/failure.ts';
import { readDocument, wantInline } from './document.ts';

/**
 * Mistral's OCR in Mistral's format at another vendor's address, which does not follow links
 * (docs.mistral.ai/api/endpoint/ocr and the Python package litellm 1.109.1, read 2026-11-22).
 */
export const mistralOcr =
  (urlOf: (target: Target) => string, nameOf: (model: string) => string = (model) => model): Adapter<'ocr'> =>
  async ({ model: _model, ...request }, wire) => {
    wantInline(readDocument({ model: wire.model, ...request }), wire);
    const answer = await wire.json({ url: urlOf(wire.target), json: { model: nameOf(wire.model), ...request } });
    return { body: answer, usage: { inputTokens: 0, outputTokens: 0, units: { pages: pagesOf(answer, wire) } } };
  };

const pagesOf = (answer: JsonObject, wire: Wire): number => {
  if (!Array.isArray(answer['pages'])) throw noAnswer(wire, 'pages', answer);
  return asNumber(asObject(answer['usage_info'])?.['pages_processed']) ?? answer['pages'].length;
};

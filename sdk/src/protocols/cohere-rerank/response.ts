import { SluiceError, type JsonObject, type RankedDocument, type RerankResult, type RerankUsage } from '../../types/index.ts';
import { asNumber, asObject, asObjects, asString, compact } from '../shared/read.ts';

/** @throws SluiceError `invalid_response` */
export const fromWire = (body: JsonObject): RerankResult => {
  if (!Array.isArray(body['results'])) throw new SluiceError('invalid_response', 'The provider answered without results.');
  const results = asObjects(body['results']).map((each) =>
    compact<RankedDocument>({
      index: asNumber(each['index']) ?? 0,
      relevanceScore: asNumber(each['relevance_score']) ?? 0,
      document: typeof each['document'] === 'string' ? { text: each['document'] } : asObject(each['document']),
    }),
  );
  return compact<RerankResult>({ id: asString(body['id']), model: asString(body['model']), results, usage: readUsage(body['meta']) });
};

const readUsage = (value: unknown): RerankUsage | undefined => {
  const meta = asObject(value);
  const billed = asObject(meta?.['billed_units']);
  const usage = compact<RerankUsage>({
    searchUnits: asNumber(billed?.['search_units']),
    inputTokens: asNumber(asObject(meta?.['tokens'])?.['input_tokens']) ?? asNumber(billed?.['input_tokens']),
  });
  return Object.keys(usage).length > 0 ? usage : undefined;
};

export const toWire = ({ id, results, usage }: RerankResult, { newId }: { newId(prefix: string): string }): JsonObject => ({
  id: id ?? newId(''),
  results: results.map(({ index, relevanceScore, document }) => ({
    ...(document && { document }),
    index,
    relevance_score: relevanceScore,
  })),
  meta: compact({
    api_version: { version: '2' },
    billed_units: usage && compact({ search_units: usage.searchUnits, input_tokens: usage.inputTokens }),
    tokens: usage?.inputTokens === undefined ? undefined : { input_tokens: usage.inputTokens, output_tokens: 0 },
  }),
});

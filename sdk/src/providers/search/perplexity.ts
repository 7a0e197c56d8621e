import { SluiceError, type Adapter } from '../../types/index.ts';
import { readResults, without } from './results.ts';

/** The owner of the common format (docs.perplexity.ai/api-reference/search-post, read 2026-11-22): requests go as they came. */
export const perplexitySearch: Adapter<'search'> = async ({ model: _model, ...request }, wire) => {
  const answer = await wire.json({ url: '/search', json: request });
  if (!Array.isArray(answer['results'])) throw new SluiceError('invalid_response', 'Perplexity answered without a list of results.');
  const rest = without(answer, 'results', 'object');
  return {
    // Of several queries it is a list of lists.
    results: readResults(answer['results'].flat(1), { snippet: ['snippet'], date: ['date'] }),
    ...(Object.keys(rest).length > 0 && { provider_metadata: rest }),
    // Billed by the request, however many queries it holds.
    usage: { inputTokens: 0, outputTokens: 0, units: { queries: 1 } },
  };
};

import { SluiceError, type Target } from '../../types/index.ts';
import { textOption } from '../credentials.ts';
import type { SearchVendor } from './adapter.ts';
import { recencyIn } from './dates.ts';
import { queryOf } from './question.ts';
import { noResults, readResults, without } from './results.ts';

const periods = { day: 'd1', week: 'w1', month: 'm1', year: 'y1' };

const engineOf = (target: Target): string => {
  const engine = textOption(target, 'search_engine_id');
  if (engine !== undefined) return engine;
  throw new SluiceError(
    'invalid_request',
    `${target.provider.label} needs the id of your engine: give search_engine_id, or set GOOGLE_PSE_ENGINE_ID.`,
    { param: 'search_engine_id', retry: false },
  );
};

export const googlePse: SearchVendor = {
  maxResults: 10,
  takes: ['country', 'recency', 'after', 'before'],
  siteOperator: true,
  call({ query, maxResults, country, recency, after, before, extra }, wire) {
    const day = (iso: string | undefined): string => iso?.replaceAll('-', '') ?? '';
    return {
      url: '/customsearch/v1',
      query: queryOf({
        q: query,
        num: maxResults,
        gl: country?.toLowerCase(),
        dateRestrict: recencyIn(periods, recency, wire),
        sort: after === undefined && before === undefined ? undefined : `date:r:${day(after)}:${day(before)}`,
        ...extra,
        // The deployment's to choose.
        cx: engineOf(wire.target),
      }),
    };
  },
  read(answer) {
    // Where nothing is found there is no list.
    if (answer['items'] === undefined && answer['kind'] === undefined && answer['searchInformation'] === undefined) throw noResults();
    return readResults(answer['items'] ?? [], { url: ['link'], snippet: ['snippet'] });
  },
  // `url` and `queries` say the question again.
  rest: (answer) => without(answer, 'items', 'kind', 'url', 'queries', 'context'),
};

import { asArray, asNumber, asObject, asObjects, asString, compact } from '../../protocols/shared/read.ts';
import { SluiceError, type ErrorCode, type JsonObject } from '../../types/index.ts';
import type { SearchVendor } from './adapter.ts';
import { countryName } from './places.ts';
import { noResults, readResults } from './results.ts';

/** The United States, which a search needs where nobody says another place. */
const defaultLocation = 2840;

/** A task's own status (docs.dataforseo.com/v3/appendix/errors, read 2026-11-22). Others are in the hundreds of HTTP's. */
const ok = 20000;
const nothingFound = 40102;

const codes: readonly (readonly [number, number, ErrorCode])[] = [
  [40100, 40101, 'authentication'],
  [40200, 40201, 'payment_required'],
  [40202, 40202, 'rate_limited'],
  [40203, 40299, 'payment_required'],
  [40300, 40399, 'permission_denied'],
  [40400, 40499, 'not_found'],
  [40500, 40599, 'invalid_request'],
  [50300, 50399, 'unavailable'],
];

/** Failures come with status 200. */
const failure = (what: JsonObject): SluiceError => {
  const status = asNumber(what['status_code']) ?? 0;
  const [, , code = 'bad_gateway'] = codes.find(([from, to]) => status >= from && status <= to) ?? [];
  const message = asString(what['status_message']) ?? 'The vendor refused the search without a message.';
  return new SluiceError(code, message, { upstream: { code: String(status) } });
};

const taskOf = (answer: JsonObject): JsonObject | undefined => asObjects(answer['tasks'])[0];

/** Google's results; a search is a task in a list of one. */
export const dataforseoSearch: SearchVendor = {
  maxResults: 200,
  takes: ['country'],
  siteOperator: true,
  call({ query, maxResults, country, extra }) {
    const place = country && countryName(country);
    const located = ['location_name', 'location_code', 'location_coordinate'].some((name) => extra[name] !== undefined);
    return {
      url: '/serp/google/organic/live/advanced',
      json: [
        compact({
          keyword: query,
          depth: maxResults,
          ...(!located && (place === undefined ? { location_code: defaultLocation } : { location_name: place })),
          ...(extra['language_name'] === undefined && { language_code: 'en' }),
          ...extra,
        }),
      ],
    };
  },
  read(answer) {
    const task = taskOf(answer);
    if (!task) throw asNumber(answer['status_code']) === undefined || answer['status_code'] === ok ? noResults() : failure(answer);
    if (task['status_code'] === nothingFound) return [];
    if (task['status_code'] !== ok) throw failure(task);
    const items = asArray(asObject(asArray(task['result'])[0])?.['items']);
    const organic = asObjects(items).filter(({ type }) => type === 'organic');
    return readResults(organic, { snippet: ['description'], date: ['timestamp'] });
  },
  usage(answer) {
    const cost = asNumber(taskOf(answer)?.['cost']);
    return { inputTokens: 0, outputTokens: 0, units: { queries: 1 }, ...(cost !== undefined && { providerCostUsd: cost }) };
  },
};

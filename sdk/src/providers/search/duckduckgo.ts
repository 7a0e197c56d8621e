import { asObjects, asString } from '../../protocols/shared/read.ts';
import type { JsonObject } from '../../types/index.ts';
import type { SearchVendor } from './adapter.ts';
import { queryOf } from './question.ts';
import { noResults, without, type Result } from './results.ts';

/** `Rust - A programming language`: the title stands before the dash. */
const topicOf = ({ Text, FirstURL }: JsonObject): Result[] => {
  const [text, url] = [asString(Text) ?? '', asString(FirstURL) ?? ''];
  if (url === '') return [];
  const at = text.indexOf(' - ');
  return [
    { title: at === -1 ? text : text.slice(0, at), url, snippet: at === -1 ? text : text.slice(at + 3), date: null, last_updated: null },
  ];
};

/** Topics, and groups of them. */
const topicsOf = (list: unknown): Result[] =>
  asObjects(list).flatMap((topic) => (topic['Topics'] === undefined ? topicOf(topic) : asObjects(topic['Topics']).flatMap(topicOf)));

/** Instant Answers: what an encyclopedia says and what is related to it, not pages of the web. Free, without a key. */
export const duckduckgo: SearchVendor = {
  maxResults: 100,
  takes: [],
  call: ({ query, extra }) => ({ url: '/', query: queryOf({ q: query, no_html: 1, skip_disambig: 0, ...extra, format: 'json' }) }),
  read(answer) {
    if (!Array.isArray(answer['RelatedTopics'])) throw noResults();
    const [url, snippet] = [asString(answer['AbstractURL']) ?? '', asString(answer['AbstractText']) ?? ''];
    const abstract: Result[] =
      url === '' || snippet === '' ? [] : [{ title: asString(answer['Heading']) ?? '', url, snippet, date: null, last_updated: null }];
    return [...abstract, ...topicsOf(answer['Results']), ...topicsOf(answer['RelatedTopics'])];
  },
  rest: ({ Answer, AnswerType, Definition, DefinitionURL }) => {
    const said = Object.entries({ Answer, AnswerType, Definition, DefinitionURL }).filter(
      ([, value]) => value !== '' && value !== undefined,
    );
    return without(Object.fromEntries(said));
  },
};

import { asObject, asObjects, asString } from '../../protocols/shared/read.ts';
import { openAiUsageOf } from '../../protocols/shared/openai-usage.ts';
import { SluiceError, type JsonObject, type SearchResult, type Usage } from '../../types/index.ts';
import { noResults, type Result } from './results.ts';

/*
 * Searches that a model does: its answer in OpenAI's Responses format cites pages, and these are the results. Each page
 * once, in the order of the citations.
 */

/** About a paragraph. */
const snippetCharacters = 300;

/** What a citation stands for is the text of its line before it (observed of Foundry by the Python package litellm 1.109.1, read 2026-11-22). */
const claimBefore = (text: string, start: unknown): string => {
  const end = typeof start === 'number' && start >= 0 && start <= text.length ? start : text.length;
  const claim = text.slice(text.lastIndexOf('\n', end - 1) + 1, end).trim();
  return claim === '' ? text.slice(0, snippetCharacters) : claim.slice(-snippetCharacters);
};

/** @throws SluiceError where the answer is none or says that the search failed */
export const readCitations = (answer: JsonObject): Result[] => {
  if (answer['status'] === 'failed' || (asObject(answer['error']) && !Array.isArray(answer['output']))) {
    throw new SluiceError('bad_gateway', asString(asObject(answer['error'])?.['message']) ?? 'The search failed without a message.');
  }
  if (!Array.isArray(answer['output'])) throw noResults();
  const results = new Map<string, Result>();
  for (const item of asObjects(answer['output'])) {
    if (item['type'] !== 'message') continue;
    for (const part of asObjects(item['content'])) {
      const text = asString(part['text']) ?? '';
      for (const citation of asObjects(part['annotations'])) {
        const url = citation['type'] === 'url_citation' ? asString(citation['url']) : undefined;
        if (url === undefined || url === '' || results.has(url)) continue;
        const title = asString(citation['title']) ?? '';
        results.set(url, { title, url, snippet: claimBefore(text, citation['start_index']), date: null, last_updated: null });
      }
    }
  }
  if (results.size === 0 && answer['status'] === 'incomplete') {
    const reason = asString(asObject(answer['incomplete_details'])?.['reason']) ?? 'for no reason that was given';
    throw new SluiceError('bad_gateway', `The search is incomplete: ${reason}.`);
  }
  return [...results.values()];
};

/** The model's tokens, and one search. */
export const modelUsage = (answer: JsonObject): SearchResult['usage'] => {
  const usage: Usage = openAiUsageOf(answer) ?? { inputTokens: 0, outputTokens: 0 };
  return { ...usage, units: { ...usage.units, queries: 1 } };
};

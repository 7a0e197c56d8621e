import { compact } from '../../protocols/shared/read.ts';
import { searchAdapter } from './adapter.ts';
import { firstDay } from './dates.ts';
import { modelUsage, readCitations } from './responses-search.ts';

/** Who searches where only a search was asked for (`xai/search`), as LiteLLM has it. */
const defaultModel = 'grok-4.7';

/** Grok looks through X (docs.x.ai/docs/guides/tools/search-tools and the Python package litellm 1.109.1, read 2026-11-22). */
export const xaiSearch = searchAdapter({
  maxResults: 100,
  takes: ['recency', 'after', 'before'],
  call({ query, before, extra, ...since }, wire) {
    const { search_model, ...tool } = extra;
    return {
      url: '/responses',
      json: {
        model: search_model ?? (wire.model === 'search' ? defaultModel : wire.model),
        input: query,
        tools: [compact({ type: 'x_search', from_date: firstDay(since, wire), to_date: before, ...tool })],
        tool_choice: 'required',
        store: false,
      },
    };
  },
  read: readCitations,
  usage: modelUsage,
});

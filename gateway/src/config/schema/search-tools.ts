import { z } from 'zod';
import { describe, freeForm, requiredText } from './fields.ts';
import { partialParams } from './litellm-params.ts';

/** Who searches the web for clients of `/v1/search`. */
export const searchTools = describe(
  z
    .array(
      z.strictObject({
        search_tool_name: requiredText({ about: 'What clients ask for. Several entries may share it, and then share its calls.' }),
        litellm_params: describe(
          partialParams.extend({ search_provider: requiredText({ about: 'The vendor: `tavily`, `perplexity`, `exa_ai`, `brave`, ...' }) }),
          { about: 'How it is reached: `api_key`, `api_base`, `timeout`, `max_retries`, ...' },
        ),
        search_tool_info: freeForm({ about: 'Facts for clients (`description`).' }),
      }),
    )
    .optional(),
  { about: 'Search vendors by the names that clients use.' },
);
export type SearchToolEntry = NonNullable<z.output<typeof searchTools>>[number];

const prefix = 'search_tool/';

/** The name under which the router knows a search tool; no client asks for it as a model. */
export const searchToolModel = (name: string): string => prefix + name;

/** The search tool that a router's name stands for. */
export const searchToolOf = (modelName: string): string | undefined =>
  modelName.startsWith(prefix) ? modelName.slice(prefix.length) : undefined;

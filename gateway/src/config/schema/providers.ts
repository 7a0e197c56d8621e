import { definedEndpoints } from 'sluice/kit';
import { z } from 'zod';
import { boolean, choice, describe, number, text, texts, url } from './fields.ts';

const names = (about: string) =>
  describe(
    z.preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(z.string().min(1))).optional(),
    { about },
    { type: ['string', 'array'], items: { type: 'string' } },
  );

const words = (about: string) =>
  describe(z.record(z.string(), z.string().optional()).optional(), { about }, { additionalProperties: { type: 'string' } });

/** A vendor of one's own: OpenAI's format with what differs, or a module of TypeScript. */
const provider = z.strictObject({
  label: text({ about: 'Its name for people.' }),
  module: text({
    about: 'A module, relative to this file, whose default export is a definition of `defineProvider`. Nothing else is given beside it.',
  }),
  base_url: url({
    about: 'Where its endpoints are, with the version: `https://api.acme.test/v1`. Absent: each model gives its `api_base`.',
  }),
  api_key_env: names('The environment variable that holds the key, or several. Absent: no key is demanded.'),
  api_base_env: names('The environment variable that may hold another address. Default: its name and `_API_BASE`.'),
  auth_header: text({ about: 'The header that carries the key, where that is not `Authorization: Bearer`.' }),
  headers: words('Sent with every request. `{api_key}` in one stands for the key.'),
  endpoints: describe(z.array(z.enum(definedEndpoints as [string, ...string[]])).optional(), {
    about: "What it has at OpenAI's own paths. Default: `chat`.",
  }),
  supported_endpoints: texts({ about: "As `endpoints`, in LiteLLM's way: `/v1/chat/completions`." }),
  param_mappings: words("OpenAI's name of a parameter: the name that it has here (`max_completion_tokens: max_tokens`)."),
  lacks: texts({ about: 'Parameters that it refuses: they are refused by name, or left out with `drop_params`.' }),
  base_class: choice(['openai_gpt', 'openai_like'], { about: "LiteLLM's: both mean OpenAI's format, which is what is spoken." }),
  special_handling: describe(
    z
      .strictObject({
        convert_content_list_to_string: boolean({ about: 'Content must be plain text.' }),
        force_store_false: boolean({ about: 'Responses are asked for with `store: false`.' }),
        preserve_cache_control: boolean({ about: '`cache_control` marks are passed on.' }),
      })
      .optional(),
    { about: "LiteLLM's words for some of `quirks`." },
  ),
  constraints: describe(
    z
      .strictObject({
        temperature_min: number({ about: 'Lower temperatures become this one.' }),
        temperature_max: number({ about: 'Higher temperatures become this one.' }),
        temperature_min_with_n_gt_1: number({ about: 'As `temperature_min`, where several answers are asked for.' }),
      })
      .optional(),
    { about: 'Bounds that values are kept in.' },
  ),
  quirks: describe(
    z
      .strictObject({
        content_as_string: boolean({ about: 'Content must be plain text.' }),
        developer_role: boolean({ default: false, about: 'It knows the developer role; else that is told as `system`.' }),
        cache_marks: boolean({ about: '`cache_control` marks are passed on.' }),
        no_stream_options: boolean({ about: 'It does not know `stream_options`.' }),
        reasoning_field: choice(['reasoning_content', 'reasoning', 'reasoning_details'], {
          about: 'Where messages carry the thinking of earlier turns.',
        }),
        structured_output: choice(['json', 'none'], { about: 'It takes no JSON schema: only `json_object`, or neither.' }),
        tool_choice_required: choice(['any'], { about: 'How `tool_choice: required` is spelled.' }),
      })
      .optional(),
    { about: "How its chat differs from OpenAI's." },
  ),
});

export type ProviderEntry = z.output<typeof provider>;

const idPattern = /^[a-z0-9][a-z0-9_.-]*$/;

/** What a single field cannot say of itself. */
const checked = z.record(z.string(), provider).superRefine((entries, context) => {
  for (const [id, entry] of Object.entries(entries)) {
    const refuse = (message: string, ...path: string[]) => context.addIssue({ code: 'custom', path: [id, ...path], message });
    if (!idPattern.test(id)) refuse('its name must be lower-case letters, digits, _, - and .');
    const beside = Object.keys(entry).find((key) => key !== 'module' && entry[key as keyof ProviderEntry] !== undefined);
    if (entry.module !== undefined && beside !== undefined) refuse('stands beside `module`, which says all of it', beside);
  }
});

export const ownProviders = describe(checked.optional(), {
  about: 'Vendors of your own, each under the name that stands before the slash of its models.',
});

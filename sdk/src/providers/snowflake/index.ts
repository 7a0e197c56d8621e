import { claudeTraits, openaiTraits } from '../../catalog/index.ts';
import { Secret, type ModelTraits, type Provider } from '../../types/index.ts';
import { bearer, missingKey } from '../credentials.ts';
import { openaiFormats } from '../speaks.ts';
import { snowflakeUrl } from './url.ts';

/*
 * Snowflake Cortex: models of several vendors inside a customer's account, in OpenAI's chat format
 * (https://docs.snowflake.com/en/user-guide/snowflake-cortex/cortex-rest-api, read 2026-11-22). What its documents do not
 * say is from pydantic/pydantic-ai `models/snowflake.py` and `providers/snowflake.py` and its recorded calls, same day.
 */

/** LiteLLM's users mark a programmatic access token so (https://docs.litellm.ai/docs/providers/snowflake, read 2026-11-22). */
const markedToken = 'pat/';

const common = {
  id: 'snowflake',
  label: 'Snowflake Cortex',
  baseUrlEnv: ['SNOWFLAKE_API_BASE'],
  // The older calls of the same API, with formats of their own.
  baseUrlRules: { append: '/api/v2', strip: ['/cortex/inference:complete', '/cortex/inference:embed', '/cortex/v1'] },
  auth: {
    kind: 'custom',
    headers({ apiKey, provider }) {
      if (!apiKey) throw missingKey(provider);
      const text = apiKey.reveal();
      // Which kind of token another one is, Snowflake sees by itself.
      if (!text.startsWith(markedToken)) return bearer(apiKey, provider);
      return {
        ...bearer(new Secret(text.slice(markedToken.length)), provider),
        'x-snowflake-authorization-token-type': 'PROGRAMMATIC_ACCESS_TOKEN',
      };
    },
  },
  keyEnv: ['SNOWFLAKE_JWT', 'SNOWFLAKE_API_KEY', 'SNOWFLAKE_TOKEN'],
  optionsEnv: { account_id: ['SNOWFLAKE_ACCOUNT_ID', 'SNOWFLAKE_ACCOUNT'] },
  servedWith: [
    ['SNOWFLAKE_JWT', 'SNOWFLAKE_API_KEY', 'SNOWFLAKE_TOKEN'],
    ['SNOWFLAKE_ACCOUNT_ID', 'SNOWFLAKE_ACCOUNT', 'SNOWFLAKE_API_BASE'],
  ],
  speaks: { chat: { ...openaiFormats('chat').chat!, path: '/cortex/v1/chat/completions' } },
  url: snowflakeUrl,
  source: 'https://docs.snowflake.com/en/user-guide/snowflake-cortex/cortex-rest-api, 2026-11-22',
} as const satisfies Partial<Provider>;

const lacks = ['allowed_tools', 'custom_tools'] as const;

/** GPT has `openai-` before its name here. */
const traits = (model: string): ModelTraits => (model.startsWith('openai-') ? openaiTraits(model.slice('openai-'.length)) : {});

const traitsOfClaude = (model: string): ModelTraits => {
  const { fixedSampling } = claudeTraits(model);
  return { jsonSchema: true, ...(fixedSampling !== undefined && { fixedSampling }) };
};

const isClaude = (model: string): boolean => /^claude/i.test(model);

const variant: NonNullable<Provider['variant']> = ({ model }) => (isClaude(model) ? claude : snowflake);

export const snowflake: Provider = Object.freeze({ ...common, quirks: { lacks }, traits, variant });

const claude: Provider = Object.freeze({
  ...common,
  quirks: {
    lacks,
    reasoningField: 'reasoning_details',
    cacheMarks: true,
    efforts: ['low', 'medium', 'high'],
    // Snowflake's own temperature is another one, which Claude does not take when it thinks.
    reasoningObject: { beside: { temperature: 1 } },
  },
  traits: traitsOfClaude,
  variant,
} satisfies Provider);

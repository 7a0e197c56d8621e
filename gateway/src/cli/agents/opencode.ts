import { agentHeaders, type Agent } from './agent.ts';

const variable = 'OPENCODE_CONFIG_CONTENT';

/** opencode (https://opencode.ai/docs/config and /docs/providers, read 2026-11-22). What is in the variable is laid over the user's own settings. */
export const opencode: Agent = {
  name: 'opencode',
  label: 'opencode',
  install: 'opencode-ai',
  prefers: [/claude.*sonnet/, /claude/, /gpt-5/, /gemini.*pro/],
  start({ url, key, model, smallModel, models }) {
    const names = [...new Set([...models, ...[model, smallModel].filter((name) => name !== undefined)])];
    const config = {
      provider: {
        sluice: {
          npm: '@ai-sdk/openai-compatible',
          name: 'Sluice',
          options: { baseURL: `${url}/v1`, apiKey: key, headers: agentHeaders },
          models: Object.fromEntries(names.map((name) => [name, { name }])),
        },
      },
      ...(model !== undefined && { model: `sluice/${model}` }),
      ...(smallModel !== undefined && { small_model: `sluice/${smallModel}` }),
    };
    return { args: [], env: { [variable]: JSON.stringify(config) } };
  },
};

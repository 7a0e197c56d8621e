import { agentHeaders, type Agent } from './agent.ts';

/** Claude Code (https://code.claude.com/docs/en/llm-gateway and /settings#environment-variables, read 2026-11-22). */
export const claude: Agent = {
  name: 'claude',
  label: 'Claude Code',
  install: '@anthropic-ai/claude-code',
  prefers: [/claude.*sonnet/, /claude.*opus/, /claude/],
  vendor: 'anthropic',
  start: ({ url, key, model, smallModel }, { env }) => ({
    args: [],
    env: {
      ANTHROPIC_BASE_URL: url,
      // As a token: a key would be asked about at every first start, and two of them warned of.
      ANTHROPIC_AUTH_TOKEN: key,
      ANTHROPIC_API_KEY: undefined,
      CLAUDE_CODE_OAUTH_TOKEN: undefined,
      CLAUDE_CODE_USE_BEDROCK: undefined,
      CLAUDE_CODE_USE_VERTEX: undefined,
      CLAUDE_CODE_USE_FOUNDRY: undefined,
      ANTHROPIC_CUSTOM_HEADERS: [env['ANTHROPIC_CUSTOM_HEADERS'], ...Object.entries(agentHeaders).map((each) => each.join(': '))]
        .filter(Boolean)
        .join('\n'),
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      // Each of its names for a model, or it asks for Anthropic's.
      ...(model !== undefined && { ANTHROPIC_MODEL: model, ANTHROPIC_DEFAULT_OPUS_MODEL: model, ANTHROPIC_DEFAULT_SONNET_MODEL: model }),
      ...(smallModel !== undefined && { ANTHROPIC_DEFAULT_HAIKU_MODEL: smallModel, ANTHROPIC_SMALL_FAST_MODEL: smallModel }),
    },
  }),
};

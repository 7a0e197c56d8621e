import { bedrocksOwn, ofOtherBetas } from '../claude-members.ts';
import type { Speaks, Takes } from '../../types/index.ts';

/*
 * Claude on Microsoft Foundry: Anthropic's own format and headers. Sources, read 2026-11-22:
 * platform.claude.com/docs/en/build-with-claude/claude-in-microsoft-foundry, the npm package @anthropic-ai/foundry-sdk
 * (address, `x-api-key`), the Python package litellm 1.109.1 (anthropic_beta_headers_config.json: flags that are refused).
 */

const takes: Takes = {
  betas: [
    'advanced-tool-use-2025-11-20',
    'code-execution-2025-08-25',
    'compact-2026-09-04',
    'computer-use-2025-01-24',
    'computer-use-2025-11-24',
    'context-1m-2025-08-07',
    'context-management-2025-06-27',
    'dangerous-tool-use-2026-09-03',
    'effort-2025-11-24',
    'files-api-2025-04-14',
    'interleaved-thinking-2025-05-14',
    'mcp-client-2025-04-04',
    'mcp-client-2025-11-20',
    'mid-conversation-tool-changes-2026-07-01',
    'per-turn-control-2026-07-01',
    'prompt-caching-scope-2026-01-05',
    'skills-2025-10-02',
    'structured-outputs-2025-11-13',
    'thinking-binding-controls-2026-08-01',
    'thinking-display-updates-2026-08-18',
    'web-fetch-2025-09-10',
    'web-search-2025-03-05',
  ],
  members: { inference_geo: 'refuse', speed: 'drop', ...bedrocksOwn, ...ofOtherBetas },
};

export const claudeSpeaks: { messages: Speaks; 'count-tokens': Speaks } = {
  messages: { protocol: 'anthropic-messages', path: '/anthropic/v1/messages', takes },
  'count-tokens': { protocol: 'anthropic-messages', path: '/anthropic/v1/messages/count_tokens', takes },
};

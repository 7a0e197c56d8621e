import type { Dialect, DialectCall, Speaks, Takes } from '../../types/index.ts';
import { bedrocksOwn, cachedByBlocks, insideOnly, ofOtherBetas } from '../claude-members.ts';

/*
 * Claude on Vertex AI: Anthropic's format with the model in the address and the version in the body. Sources, read
 * 2026-11-22: platform.claude.com/docs/en/build-with-claude/claude-on-vertex-ai, the npm package
 * @anthropic-ai/vertex-sdk (addresses, `anthropic-beta` as a header), the Python package litellm 1.109.1
 * (anthropic_beta_headers_config.json: flags that Vertex AI answers with a 400), and for such answers
 * anthropics/claude-code issues 12429 and 34802, BerriAI/litellm issues 15299, 17755 and 19984.
 */

/** FP-20: Claude Code sends a flag more with each release; an unknown one is a 400 here. */
const betas = [
  'compact-2026-01-12',
  'compact-2026-09-04',
  'computer-use-2025-01-24',
  'computer-use-2025-11-24',
  'context-1m-2025-08-07',
  'context-management-2025-06-27',
  'dangerous-tool-use-2026-09-03',
  'inline-tools-2026-09-15',
  'interleaved-thinking-2025-05-14',
  'mid-conversation-tool-changes-2026-07-01',
  'per-turn-control-2026-07-01',
  'thinking-binding-controls-2026-08-01',
  'thinking-display-updates-2026-08-18',
  'tool-search-tool-2025-10-19',
  'web-search-2025-03-05',
];

const takes: Takes = {
  betas,
  // Of the tools that the flag stands for, this one is here.
  betaNames: { 'advanced-tool-use-2025-11-20': 'tool-search-tool-2025-10-19' },
  members: {
    container: 'refuse',
    inference_geo: 'refuse',
    mcp_servers: 'refuse',
    speed: 'drop',
    ...bedrocksOwn,
    ...ofOtherBetas,
    ...cachedByBlocks,
  },
  sources: insideOnly,
  tools: ['custom', 'bash_*', 'computer_*', 'memory_*', 'text_editor_*', 'tool_search_tool_*', 'web_search_20250305'],
};

const anthropicVersion = 'vertex-2023-10-16';
const withoutHeaders = ['anthropic-version'];

const dialect = (): Dialect => ({ members: { model: undefined, anthropic_version: anthropicVersion }, withoutHeaders });

/** One address counts for all models, so the body names the model; a version behind `@` is not known there. */
const countDialect = ({ model }: DialectCall): Dialect => ({
  members: { model: model.replace(/@.*$/, ''), anthropic_version: anthropicVersion },
  withoutHeaders,
});

export const claudeSpeaks: { messages: Speaks; 'count-tokens': Speaks } = {
  messages: {
    protocol: 'anthropic-messages',
    path: '/publishers/anthropic/models/{model}:rawPredict',
    streamPath: '/publishers/anthropic/models/{model}:streamRawPredict',
    dialect,
    takes,
  },
  'count-tokens': {
    protocol: 'anthropic-messages',
    path: '/publishers/anthropic/models/count-tokens:rawPredict',
    dialect: countDialect,
    // Here this one gets a 400 (anthropics/claude-code issue 12429).
    takes: { ...takes, betas: betas.filter((each) => each !== 'web-search-2025-03-05') },
  },
};

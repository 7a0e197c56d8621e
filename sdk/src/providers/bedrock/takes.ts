import type { Dialect, DialectCall, JsonObject, Takes } from '../../types/index.ts';
import { bedrocksOwn, cachedByBlocks, insideOnly, ofOtherBetas } from '../claude-members.ts';
import { invokeHeaders } from './invoke-headers.ts';

/*
 * How Claude on Bedrock (InvokeModel) differs from Anthropic's own Messages API. Sources, read 2026-11-22:
 * docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages-request-response.html and
 * ...-tool-use.html (members, betas, tools), claude-messages-compaction.html, claude-messages-structured-outputs.html,
 * platform.claude.com/docs/en/build-with-claude/claude-on-amazon-bedrock-legacy (no server tools but tool search),
 * BerriAI/litellm anthropic_beta_headers_config.json (`bedrock`), its issues 26320 and 27532 and pull request 32658
 * (what InvokeModel answers with "Extra inputs are not permitted"); its issue 22847 (`custom` of a tool) and pull requests
 * 29206 (edits that are taken) and 41871 (eager streaming by its flag), anthropics/claude-code issues 33180 and 33237.
 */

/** Anthropic's name for a bundle of tool betas, of which Bedrock has the search alone, under that one's name. */
const betaNames: Readonly<Record<string, string>> = { 'advanced-tool-use-2025-11-20': 'tool-search-tool-2025-10-19' };

export const invokeTakes: Takes = {
  betaNames,
  betas: [
    'compact-2026-01-12',
    'computer-use-*',
    'context-1m-2025-08-07',
    'context-management-2025-06-27',
    'dangerous-tool-use-2026-09-03',
    'dev-full-thinking-2025-05-14',
    'effort-2025-11-24',
    'fine-grained-tool-streaming-2025-05-14',
    'interleaved-thinking-2025-05-14',
    'mid-conversation-output-config-2026-07-01',
    'mid-conversation-tool-changes-2026-07-01',
    'output-128k-2025-02-19',
    'thinking-binding-controls-2026-08-01',
    'thinking-display-updates-2026-08-18',
    'token-efficient-tools-2025-02-19',
    'tool-examples-2025-10-29',
    'tool-search-tool-2025-10-19',
  ],
  members: {
    container: 'refuse',
    // Where it runs is a demand, and here it is the region's or the inference profile's to say.
    inference_geo: 'refuse',
    mcp_servers: 'refuse',
    // The older place of `output_config.format`.
    output_format: 'refuse',
    // A header of Bedrock's own here (`X-Amzn-Bedrock-Service-Tier`), with tiers of its own.
    service_tier: 'drop',
    speed: 'drop',
    // Claude Code's way to say `defer_loading`; and what a flag says here (`flagsOf`).
    'tools[*].custom': 'drop',
    'tools[*].eager_input_streaming': 'drop',
    ...ofOtherBetas,
    ...cachedByBlocks,
  },
  sources: insideOnly,
  edits: ['clear_tool_uses_*', 'compact_*'],
  tools: ['custom', 'bash_*', 'computer_*', 'memory_*', 'text_editor_*', 'tool_search_tool_*'],
};

/** Flags that tools need here, and nowhere else any more. */
const flagsOf = ({ tools }: JsonObject): string[] => {
  if (!Array.isArray(tools)) return [];
  const some = (name: string): boolean =>
    tools.some((tool: unknown) => {
      const value = typeof tool === 'object' && tool !== null ? (tool as JsonObject)[name] : undefined;
      return value !== undefined && value !== null && value !== false;
    });
  return [
    ...(some('eager_input_streaming') ? ['fine-grained-tool-streaming-2025-05-14'] : []),
    ...(some('defer_loading') ? ['tool-search-tool-2025-10-19'] : []),
    ...(some('input_examples') ? ['tool-examples-2025-10-29'] : []),
  ];
};

/** Model and streaming are in the path, version and betas in the body, and what Bedrock itself adds to a model in headers. */
export const invokeDialect = ({ headers, body }: DialectCall): Dialect => {
  const bedrocks = invokeHeaders(body);
  const betas = (headers['anthropic-beta'] ?? '').split(',').map((each) => each.trim());
  const taken = [...new Set([...betas.filter(Boolean), ...flagsOf(body)])];
  return {
    members: {
      model: undefined,
      stream: undefined,
      anthropic_version: 'bedrock-2023-05-31',
      ...(taken.length > 0 && { anthropic_beta: taken }),
      ...bedrocks.members,
    },
    headers: bedrocks.headers,
    withoutHeaders: ['anthropic-beta', 'anthropic-version'],
  };
};

/** Claude by Converse takes the same flags, among what it hands on to the model. */
export const converseTakes: Takes = { betaNames, betas: invokeTakes.betas! };

/**
 * Flags stand in the body (docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-extended-thinking.html and
 * computer-use.html: `additionalModelRequestFields.anthropic_beta`, read 2026-11-22).
 */
export const converseDialect = ({ headers, body }: DialectCall): Dialect => {
  const given = headers['anthropic-beta'];
  if (given === undefined) return { members: {} };
  const fields = (body['additionalModelRequestFields'] ?? {}) as JsonObject;
  const before = Array.isArray(fields['anthropic_beta']) ? (fields['anthropic_beta'] as unknown[]) : [];
  const flags = given.split(',').map((each) => each.trim());
  return {
    members: { additionalModelRequestFields: { ...fields, anthropic_beta: [...new Set([...before, ...flags.filter(Boolean)])] } },
    withoutHeaders: ['anthropic-beta'],
  };
};

/**
 * Rerankers by InvokeModel: Cohere's format without the model, of which Cohere's own models want the version said and
 * Amazon's do not, as public programs that call them by boto3 have it (found by search, 2026-11-22; no page of AWS's own
 * with the body was at hand).
 */
export const rerankDialect = ({ model }: DialectCall): Dialect => ({
  members: { model: undefined, ...(model.includes('cohere.') && { api_version: 2 }) },
});

/** Claude on `bedrock-mantle`: Anthropic's own Messages API, without what needs Anthropic's own machines. */
export const mantleTakes: Takes = {
  betaNames,
  betas: [
    ...invokeTakes.betas!,
    'claude-code-20250219',
    'per-turn-control-2026-07-01',
    'structured-outputs-2025-11-13',
    'web-search-2025-03-05',
  ],
  members: { container: 'refuse', mcp_servers: 'refuse', ...bedrocksOwn, ...ofOtherBetas, ...cachedByBlocks },
  sources: insideOnly,
};

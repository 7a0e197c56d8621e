import type { Takes } from '../types/index.ts';

/**
 * The clouds cache Claude's prompts by marks on blocks, and know neither one mark for the whole request
 * (UKGovernmentBEIS/inspect_ai pull request 3851) nor the caches beyond one account that Claude Code asks for (`scope`,
 * under a flag that the clouds do not take): both are a 400 there, "Extra inputs are not permitted". Read 2026-11-22.
 */
export const cachedByBlocks: NonNullable<Takes['members']> = {
  cache_control: 'drop',
  'messages[*].content[*].cache_control.scope': 'drop',
  'system[*].cache_control.scope': 'drop',
  'tools[*].cache_control.scope': 'drop',
};

/** Bedrock's own, which its clients and configurations give beside Claude's: a 400 elsewhere. */
export const bedrocksOwn: NonNullable<Takes['members']> = {
  // What it was to keep out would come through.
  guardrailConfig: 'refuse',
  performanceConfig: 'drop',
  requestMetadata: 'drop',
  serviceTier: 'drop',
};

/** Members of betas that none of the clouds has: where their flags are withheld, they are unknown. */
export const ofOtherBetas: NonNullable<Takes['members']> = {
  diagnostics: 'drop',
  fallbacks: 'drop',
  'output_config.task_budget': 'drop',
  user_profile_id: 'drop',
};

/** Bedrock and Google's Claude fetch nothing ("URL sources are not supported"; platform.claude.com/docs/en/build-with-claude/vision, read 2026-11-22). */
export const insideOnly: readonly string[] = ['base64', 'content', 'text'];

import type { Quirks } from '../../types/index.ts';

/** Its schema is closed: members that it does not know are refused. Three of OpenAI's have another name there. */
export const mistralQuirks: Quirks = {
  rename: { dimensions: 'output_dimension', max_completion_tokens: 'max_tokens', seed: 'random_seed' },
  lacks: [
    'allowed_tools',
    'audio',
    'custom_tools',
    'function_call',
    'functions',
    'logit_bias',
    'modalities',
    'moderation',
    'prompt_cache_options',
    'prompt_cache_retention',
    'reasoning',
    'safety_identifier',
    'service_tier',
    'store',
    'thinking',
    'top_k',
    'user',
    'verbosity',
    'video_url',
    'web_search_options',
  ],
  noStreamOptions: true,
  developerRole: 'system',
  strictMessages: true,
  reasoningField: 'content',
  fileUrl: 'document_url',
  efforts: ['none', 'high'],
};

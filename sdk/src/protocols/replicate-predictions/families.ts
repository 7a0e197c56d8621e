import type { MemberNames } from '../shared/prompts/parameters.ts';
import type { TemplateName } from '../shared/prompts/templates.ts';

/** How the models of one maker take a conversation. Each model on Replicate has inputs of its own; these are what their pages list. */
export interface Family {
  /** The member for instructions; absent: they are written into the prompt. */
  system?: string;
  /** What stands between two turns of a prompt that the model's own template is put around. */
  template: TemplateName;
  names: MemberNames;
  /** The member for images, and whether it holds several. */
  images?: { member: string; list: boolean };
  /** Stop sequences are one text with commas between them. */
  stopsJoined?: boolean;
  /** The member for how much to think. */
  effort?: string;
}

const sampling = { temperature: 'temperature', topP: 'top_p', topK: 'top_k', seed: 'seed' } as const;
const penalties = { presencePenalty: 'presence_penalty', frequencyPenalty: 'frequency_penalty' } as const;

/** Models of others, by a name that most of them took over from Llama's. */
const others: Family = {
  template: 'plain',
  names: { maxOutputTokens: 'max_tokens', ...sampling, ...penalties, stop: 'stop' },
};

/**
 * By the beginning of the model's name. Read 2026-11-22 from the models' API pages: replicate.com/meta/meta-llama-3-70b-instruct,
 * /meta/llama-2-70b-chat, /meta/llama-4-maverick-instruct, /mistralai/mixtral-8x7b-instruct-v0.1, /deepseek-ai/deepseek-r1,
 * /anthropic/claude-4-sonnet, /openai/gpt-5, /google/gemini-2.5-flash, /ibm-granite/granite-3.3-8b-instruct.
 */
const families: readonly (readonly [RegExp, Family])[] = [
  [
    /^meta\/(?:meta-)?llama-3/,
    {
      system: 'system_prompt',
      template: 'llama3',
      names: { maxOutputTokens: 'max_tokens', ...sampling, ...penalties, stop: 'stop_sequences' },
      stopsJoined: true,
    },
  ],
  [
    /^meta\/llama-4/,
    { template: 'llama4', names: { maxOutputTokens: 'max_tokens', ...sampling, ...penalties, stop: 'stop_sequences' }, stopsJoined: true },
  ],
  [
    /^meta\/(?:llama-2|codellama)/,
    {
      system: 'system_prompt',
      template: 'llama2',
      names: { maxOutputTokens: 'max_new_tokens', ...sampling, stop: 'stop_sequences' },
      stopsJoined: true,
    },
  ],
  [/^mistralai\//, { template: 'mistral', names: { maxOutputTokens: 'max_new_tokens', ...sampling, ...penalties } }],
  [
    /^anthropic\//,
    { system: 'system_prompt', template: 'plain', names: { maxOutputTokens: 'max_tokens' }, images: { member: 'image', list: false } },
  ],
  [
    /^openai\//,
    {
      system: 'system_prompt',
      template: 'plain',
      names: { maxOutputTokens: 'max_completion_tokens', temperature: 'temperature', topP: 'top_p', ...penalties },
      images: { member: 'image_input', list: true },
      effort: 'reasoning_effort',
    },
  ],
  [
    /^google\/gemini/,
    {
      system: 'system_instruction',
      template: 'plain',
      names: { maxOutputTokens: 'max_output_tokens', temperature: 'temperature', topP: 'top_p' },
      images: { member: 'images', list: true },
    },
  ],
  [/^ibm-granite\//, { ...others, system: 'system_prompt' }],
];

export const familyOf = (model: string): Family => {
  const name = model.toLowerCase();
  return families.find(([pattern]) => pattern.test(name))?.[1] ?? others;
};

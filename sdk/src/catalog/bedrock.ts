import type { ModelTraits } from '../types/index.ts';
import { claudeTraits } from './claude.ts';

/*
 * Names of Amazon Bedrock: `provider.model-version`, in front of it the geography of a cross-region inference profile, or
 * an ARN that ends in one. Sources, read 2026-11-22: docs.aws.amazon.com/bedrock/latest/userguide/models-supported.html,
 * inference-profiles-support.html and conversation-inference-supported-models-features.html.
 */

const geography = /^(?:us|eu|apac|ap|au|ca|jp|sa|us-gov|global)\.(?=[a-z0-9-]+\.)/;

/** Vendors whose models Bedrock serves: what a name begins with. */
const vendors =
  /^(?:ai21|amazon|anthropic|cohere|deepseek|google|luma|meta|minimax|mistral|moonshot|moonshotai|nvidia|openai|qwen|stability|twelvelabs|writer|zai)\./;

/** `us.anthropic.claude-sonnet-4-5-20250929-v1:0`, alone or at the end of an ARN -> `anthropic.claude-sonnet-4-5-20250929-v1:0` */
export const bedrockBaseName = (model: string): string => {
  const name = model.startsWith('arn:') ? model.slice(model.lastIndexOf('/') + 1) : model;
  return name.replace(geography, '');
};

/** Whether the name says which model it is. Provisioned throughput, application profiles and imported models do not. */
export const isBedrockName = (model: string): boolean => vendors.test(bedrockBaseName(model));

export const isBedrockClaude = (model: string): boolean => bedrockBaseName(model).startsWith('anthropic.');

/** Nothing is said of what is not known. */
export const bedrockTraits = (model: string): ModelTraits => {
  const name = bedrockBaseName(model);
  if (name.startsWith('anthropic.')) return claudeTraits(name);
  if (name.startsWith('openai.gpt-oss')) return { reasoning: 'effort' };
  if (/^amazon\.nova-2-(?:lite|pro|omni)/.test(name)) return { reasoning: 'effort' };
  if (/^(?:amazon\.(?:nova-(?:micro|lite|pro|premier)|titan)|meta\.|ai21\.|cohere\.|mistral\.mi[sx]tral-)/.test(name))
    return { reasoning: 'none' };
  return {};
};

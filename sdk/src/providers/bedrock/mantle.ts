import { bedrockTraits, isBedrockClaude, openaiTraits } from '../../catalog/index.ts';
import { SluiceError, type Endpoint, type Provider, type Speaks, type Target } from '../../types/index.ts';
import { textOption } from '../credentials.ts';
import { readName } from './names.ts';
import { givenPlace, placeOf, regionOf, type Place } from '../aws/place.ts';
import { awsCredentialOptions, awsOptionsEnv } from '../aws/settings.ts';
import { mantleTakes } from './takes.ts';

/** LiteLLM's users need not say a region. */
const defaultRegion = 'us-east-1';
const endings = /\/(?:openai\/v1|anthropic\/v1|v1)(?:\/(?:chat\/completions|responses|messages))?$|\/(?:openai|anthropic)$/;

const place = (target: Target): Place => {
  const given = target.baseUrl;
  if (given !== undefined) {
    const { base, region } = givenPlace(target, given, endings);
    return { base, region: region ?? textOption(target, 'env_aws_mantle_region') ?? defaultRegion };
  }
  // The variable of its own goes before AWS's, what the target says before both.
  const own = textOption(target, 'env_aws_mantle_region');
  const said = textOption(target, 'aws_region_name') ?? textOption(target, 'aws_model_region');
  const region = said === undefined && own !== undefined ? regionOf({ ...target, options: { aws_region_name: own } }) : regionOf(target);
  return { base: `https://bedrock-mantle.${region ?? defaultRegion}.api.aws`, region: region ?? defaultRegion };
};

export const mantlePlaceOf = (target: Target): Place => placeOf(target, place);

/** Models whose OpenAI-compatible API is under `/openai/v1`; that of all others is under `/v1`. The wrong one is refused. */
const underOpenai = /^(?:openai\.gpt-\d|google\.gemma-4)/;

const url = (target: Target, { path }: Speaks): string => {
  const { base } = mantlePlaceOf(target);
  const runtime = /^https:\/\/bedrock-runtime[.-]/.test(base);
  if (path.startsWith('/anthropic')) {
    if (runtime)
      throw new SluiceError('invalid_request', "This address has no Messages API for Claude: write 'bedrock/' before the model.", {
        param: 'api_base',
      });
    return base + path;
  }
  return `${base}${runtime || underOpenai.test(target.model) ? '/openai/v1' : '/v1'}${path}`;
};

/** Which models have which API; of others Chat Completions is known to work. */
const endpointsOf = (model: string): readonly Endpoint[] => {
  if (isBedrockClaude(model)) return ['messages'];
  if (/^openai\.gpt-oss-(?!safeguard)/.test(model)) return ['chat', 'responses'];
  return /^openai\.gpt-\d/.test(model) ? ['responses', 'chat'] : ['chat'];
};

/** What is the same whoever signs. */
export const mantleFacts = {
  id: 'bedrock_mantle',
  label: 'Amazon Bedrock Mantle',
  keyEnv: ['BEDROCK_MANTLE_API_KEY', 'AWS_BEARER_TOKEN_BEDROCK'],
  baseUrlEnv: ['BEDROCK_MANTLE_API_BASE'],
  optionsEnv: { ...awsOptionsEnv, env_aws_mantle_region: ['BEDROCK_MANTLE_REGION'] },
  credentialOptions: awsCredentialOptions,
  speaks: {
    chat: { protocol: 'openai-chat', path: '/chat/completions' },
    messages: { protocol: 'anthropic-messages', path: '/anthropic/v1/messages', takes: mantleTakes },
    responses: { protocol: 'openai-responses', path: '/responses' },
  },
  chatEndpoints: endpointsOf,
  headers: { 'anthropic-version': '2023-06-01' },
  resolveModel: readName,
  quirks: { reasoningField: 'reasoning' },
  traits: (model) => (/^openai\.gpt-\d/.test(model) ? openaiTraits(model.slice('openai.'.length)) : bedrockTraits(model)),
  url,
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/endpoints.html, 2026-11-22',
} as const satisfies Omit<Provider, 'auth'>;

import { bedrockTraits, isBedrockClaude } from '../../catalog/index.ts';
import { readTextFile } from '../../lib/read-file.ts';
import type { Endpoint, Provider, Target } from '../../types/index.ts';
import { createTokenCache } from '../token-cache.ts';
import { awsAuth, type HeldCredentials } from '../aws/auth.ts';
import { profileRegion, resolveCredentials } from '../aws/credentials/index.ts';
import type { AwsSettings, CredentialFetch, CredentialWorld, ReadFile } from '../aws/credentials/types.ts';
import { lazily } from '../lazily.ts';
import { invokeHeaders } from './invoke-headers.ts';
import { familyOf, invokeVariants } from './families.ts';
import { mantleFacts, mantlePlaceOf } from './mantle.ts';
import { readName } from './names.ts';
import { readyPlace, relayedUrl, runtimePlaceOf, runtimeUrl } from './place.ts';
import { isS3, s3Region } from './s3.ts';
import { awsCredentialOptions, awsOptionsEnv, awsServedWith, settingsOf } from '../aws/settings.ts';
import { converseDialect, converseTakes, invokeDialect, invokeTakes, rerankDialect } from './takes.ts';

export interface BedrockOptions {
  fetch?: CredentialFetch;
  readFile?: ReadFile;
  /** Unix milliseconds. */
  now?: () => number;
}

/** What a client in Anthropic's format says goes to Claude as it is; everything else goes by Converse, which all models have. */
const claudeEndpoints: readonly Endpoint[] = ['chat', 'messages'];
const otherEndpoints: readonly Endpoint[] = ['chat'];
const claudeFlags: readonly string[] = ['anthropic-beta'];

/** Amazon Bedrock: its runtime, and the OpenAI-compatible endpoint beside it. Both share the credentials, so a program makes them once. */
export const createBedrock = ({
  fetch = (url, init) => globalThis.fetch(url, init),
  readFile = readTextFile,
  now = Date.now,
}: BedrockOptions = {}): readonly Provider[] => {
  const world: CredentialWorld = { fetch, readFile, now };
  const shared = {
    cache: createTokenCache<HeldCredentials>(now),
    resolve: (settings: AwsSettings) => resolveCredentials(world, settings),
    now,
  };
  const findRegion = (target: Target): Promise<string | undefined> => {
    const settings = settingsOf(target, undefined);
    return profileRegion(world, settings, settings.profile ?? settings.env.profile ?? 'default');
  };
  const bedrock: Provider = {
    id: 'bedrock',
    label: 'Amazon Bedrock',
    auth: awsAuth({ ...shared, placeOf: runtimePlaceOf, serviceOf: (url) => (isS3(url) ? 's3' : 'bedrock'), regionOf: s3Region }),
    relay: { url: relayedUrl, signsBody: true },
    keyEnv: ['AWS_BEARER_TOKEN_BEDROCK'],
    servedWith: awsServedWith('AWS_BEARER_TOKEN_BEDROCK'),
    optionsEnv: {
      ...awsOptionsEnv,
      env_aws_bedrock_runtime_endpoint: ['AWS_BEDROCK_RUNTIME_ENDPOINT', 'AWS_ENDPOINT_URL_BEDROCK_RUNTIME', 'AWS_ENDPOINT_URL'],
      env_aws_use_dualstack_endpoint: ['AWS_USE_DUALSTACK_ENDPOINT'],
      env_aws_use_fips_endpoint: ['AWS_USE_FIPS_ENDPOINT'],
      s3_bucket_name: ['AWS_S3_BUCKET_NAME'],
      s3_output_bucket_name: ['AWS_S3_OUTPUT_BUCKET_NAME'],
      s3_encryption_key_id: ['AWS_S3_ENCRYPTION_KEY_ID'],
      aws_batch_role_arn: ['AWS_BATCH_ROLE_ARN'],
    },
    credentialOptions: awsCredentialOptions,
    heldMembers: ['guardrailConfig'],
    speaks: {
      chat: {
        protocol: 'bedrock-converse',
        path: '/model/{model}/converse',
        streamPath: '/model/{model}/converse-stream',
        dialect: converseDialect,
        takes: converseTakes,
        passHeaders: (model) => (isBedrockClaude(model) ? claudeFlags : undefined),
      },
      messages: {
        protocol: 'anthropic-messages',
        path: '/model/{model}/invoke',
        streamPath: '/model/{model}/invoke-with-response-stream',
        framing: 'aws-event-stream',
        errors: 'bedrock-converse',
        dialect: invokeDialect,
        takes: invokeTakes,
      },
      native: {
        protocol: 'bedrock-invoke',
        path: '/model/{model}/invoke',
        streamPath: '/model/{model}/invoke-with-response-stream',
        errors: 'bedrock-converse',
        dialect: ({ body }) => invokeHeaders(body),
      },
      responses: { protocol: 'openai-responses', path: '/openai/v1/responses', optIn: true },
      embeddings: { protocol: 'bedrock-embeddings', path: '/model/{model}/invoke' },
      rerank: { protocol: 'cohere-rerank', path: '/model/{model}/invoke', errors: 'bedrock-converse', dialect: rerankDialect },
      'count-tokens': { protocol: 'bedrock-converse', path: '/model/{model}/count-tokens' },
    },
    operations: {
      'image-generation': lazily(() => import('./images.ts').then(({ bedrockImages }) => bedrockImages['image-generation'])),
      'image-edit': lazily(() => import('./images.ts').then(({ bedrockImages }) => bedrockImages['image-edit'])),
    },
    resources: {
      files: () => import('./resources-files.ts').then(({ bedrockFiles }) => bedrockFiles),
      batches: () => import('./resources-batches.ts').then(({ bedrockBatches }) => bedrockBatches),
      vector_stores: () => import('./resources-stores.ts').then(({ bedrockStores }) => bedrockStores),
    },
    // Jobs, knowledge bases and S3 are beside the runtime.
    hosts: ['*.amazonaws.com', '*.amazonaws.com.cn', '*.amazonaws.eu'],
    chatEndpoints: (model) => (isBedrockClaude(model) ? claudeEndpoints : otherEndpoints),
    resolveModel(model, baseModel) {
      const { format: _format, ...name } = readName(model, baseModel);
      if (name.prefer !== 'messages' || isBedrockClaude(name.model)) return name;
      // Which body others take at Invoke is the variant's to say.
      const { prefer: _byFamily, ...rest } = name;
      return rest;
    },
    traits: bedrockTraits,
    url: runtimeUrl,
    ready: (target) => readyPlace(target, findRegion),
    source: 'https://docs.aws.amazon.com/bedrock/latest/APIReference/API_Operations_Amazon_Bedrock_Runtime.html, 2026-11-22',
  };
  const families = invokeVariants(bedrock);
  const withFamilies: Provider = {
    ...bedrock,
    variant({ model, name = model }) {
      const family = familyOf(name, model);
      return family === undefined ? withFamilies : families[family];
    },
  };
  const serviceOf = (url: string): string => (/^https:\/\/bedrock-runtime[.-]/.test(url) ? 'bedrock' : 'bedrock-mantle');
  const mantle: Provider = {
    ...mantleFacts,
    auth: awsAuth({ ...shared, placeOf: mantlePlaceOf, serviceOf }),
  };
  return [withFamilies, mantle];
};

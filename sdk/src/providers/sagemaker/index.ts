import { readTextFile } from '../../lib/read-file.ts';
import type { Provider, Speaks, Target } from '../../types/index.ts';
import { awsAuth, type HeldCredentials } from '../aws/auth.ts';
import { profileRegion, resolveCredentials } from '../aws/credentials/index.ts';
import type { AwsSettings, CredentialFetch, CredentialWorld, ReadFile } from '../aws/credentials/types.ts';
import { isRegion, regionInArn } from '../aws/region.ts';
import { awsCredentialOptions, awsOptionsEnv, awsServedWith, settingsOf } from '../aws/settings.ts';
import { textOption } from '../credentials.ts';
import { createTokenCache } from '../token-cache.ts';
import { readyPlace, runtimePlaceOf, runtimeUrl } from './place.ts';

export interface SagemakerOptions {
  fetch?: CredentialFetch;
  readFile?: ReadFile;
  /** Unix milliseconds. */
  now?: () => number;
}

const paths = { path: '/endpoints/{model}/invocations', streamPath: '/endpoints/{model}/invocations-response-stream' };

const generate: Speaks = { protocol: 'sagemaker-generate', ...paths };

/** Containers that have OpenAI's chat behind the endpoint's one path. */
const chat: Speaks = { protocol: 'openai-chat', ...paths, framing: 'aws-payload', errors: 'sagemaker-generate' };

/** Nova's container knows no `model` (docs.aws.amazon.com/nova/latest/nova2-userguide/nova-sagemaker-inference-api-reference.html, read 2026-11-22). */
const nova: Speaks = { ...chat, dialect: () => ({ members: { model: undefined } }) };

const embeddings: Speaks = { protocol: 'sagemaker-embeddings', ...paths, errors: 'sagemaker-generate' };

/** `arn:aws:sagemaker:us-east-1:123456789012:endpoint/name` and `us-east-1/name` -> the name, and where it is. */
const resolveModel = (given: string): { model: string; options?: Readonly<Record<string, string>> } => {
  const region = regionInArn(given);
  const model = given.slice(given.lastIndexOf('/') + 1);
  if (region !== undefined) return { model, options: { aws_model_region: region } };
  const [first = '', ...rest] = given.split('/');
  return rest.length > 0 && isRegion(first) ? { model: rest.join('/'), options: { aws_model_region: first } } : { model: given };
};

/** Endpoints of Amazon SageMaker, by what their containers take. They share the credentials, so a program makes them once. */
export const createSagemaker = ({
  fetch = (url, init) => globalThis.fetch(url, init),
  readFile = readTextFile,
  now = Date.now,
}: SagemakerOptions = {}): readonly Provider[] => {
  const world: CredentialWorld = { fetch, readFile, now };
  const aws = awsAuth({
    cache: createTokenCache<HeldCredentials>(now),
    resolve: (settings: AwsSettings) => resolveCredentials(world, settings),
    now,
    placeOf: runtimePlaceOf,
    serviceOf: () => 'sagemaker',
  });
  /** Which of an endpoint's models is called; signed with the rest. */
  const component = (target: Target): Record<string, string> => {
    const name = textOption(target, 'model_id');
    return name === undefined ? {} : { 'x-amzn-sagemaker-inference-component': name };
  };
  const findRegion = (target: Target): Promise<string | undefined> => {
    const settings = settingsOf(target, undefined);
    return profileRegion(world, settings, settings.profile ?? settings.env.profile ?? 'default');
  };
  const shared = {
    auth: {
      ...aws,
      async headers(target: Target, request: Parameters<typeof aws.headers>[1]) {
        const own = component(target);
        return { ...own, ...(await aws.headers(target, { ...request, headers: { ...request.headers, ...own } })) };
      },
    },
    keyEnv: [],
    keyOptional: true,
    servedWith: awsServedWith(),
    optionsEnv: {
      ...awsOptionsEnv,
      env_aws_sagemaker_runtime_endpoint: ['AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME', 'AWS_ENDPOINT_URL'],
      env_aws_use_fips_endpoint: ['AWS_USE_FIPS_ENDPOINT'],
    },
    credentialOptions: awsCredentialOptions,
    resolveModel,
    url: runtimeUrl,
    ready: (target: Target) => readyPlace(target, findRegion),
    source: 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointWithResponseStream.html, 2026-11-22',
  } satisfies Partial<Provider>;
  return [
    { ...shared, id: 'sagemaker', label: 'Amazon SageMaker', speaks: { chat: generate, embeddings } },
    {
      ...shared,
      id: 'sagemaker_chat',
      label: 'Amazon SageMaker (Messages API)',
      speaks: { chat, embeddings },
      quirks: { developerRole: 'system' },
    },
    {
      ...shared,
      id: 'sagemaker_nova',
      label: 'Amazon Nova on SageMaker',
      speaks: { chat: nova },
      quirks: { developerRole: 'system', lacks: ['frequency_penalty', 'logit_bias', 'n', 'presence_penalty', 'seed'] },
    },
  ];
};

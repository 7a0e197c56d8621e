import { readTextFile } from '../../lib/read-file.ts';
import type { Provider, Target } from '../../types/index.ts';
import { awsAuth, type HeldCredentials } from '../aws/auth.ts';
import { profileRegion, resolveCredentials } from '../aws/credentials/index.ts';
import type { AwsSettings, CredentialFetch, CredentialWorld, ReadFile } from '../aws/credentials/types.ts';
import { isRegion } from '../aws/region.ts';
import { awsCredentialOptions, awsOptionsEnv, awsServedWith, settingsOf } from '../aws/settings.ts';
import { lazily } from '../lazily.ts';
import { createTokenCache } from '../token-cache.ts';
import { pollyPlaceOf, pollyUrl, readyPlace } from './place.ts';

export interface PollyOptions {
  fetch?: CredentialFetch;
  readFile?: ReadFile;
  /** Unix milliseconds. */
  now?: () => number;
}

/** Amazon Polly: text to speech. Signs as all of AWS does. Holds the credentials of its targets, so a program makes one. */
export const createPolly = ({
  fetch = (url, init) => globalThis.fetch(url, init),
  readFile = readTextFile,
  now = Date.now,
}: PollyOptions = {}): Provider => {
  const world: CredentialWorld = { fetch, readFile, now };
  const findRegion = (target: Target): Promise<string | undefined> => {
    const settings = settingsOf(target, undefined);
    return profileRegion(world, settings, settings.profile ?? settings.env.profile ?? 'default');
  };
  return {
    id: 'aws_polly',
    label: 'Amazon Polly',
    auth: awsAuth({
      cache: createTokenCache<HeldCredentials>(now),
      resolve: (settings: AwsSettings) => resolveCredentials(world, settings),
      now,
      placeOf: pollyPlaceOf,
      serviceOf: () => 'polly',
    }),
    keyEnv: [],
    keyOptional: true,
    baseUrlEnv: ['AWS_ENDPOINT_URL_POLLY'],
    servedWith: awsServedWith(),
    optionsEnv: awsOptionsEnv,
    credentialOptions: awsCredentialOptions,
    speaks: {},
    operations: { speech: lazily(() => import('./speech.ts').then(({ speech }) => speech)) },
    errors: 'bedrock-converse',
    // `aws_polly/us-east-1/neural`, as models of Bedrock are written.
    resolveModel(name) {
      const [first = '', ...rest] = name.split('/');
      return rest.length > 0 && isRegion(first) ? { model: rest.join('/'), options: { aws_model_region: first } } : { model: name };
    },
    url: pollyUrl,
    ready: (target) => readyPlace(target, findRegion),
    source: 'https://docs.aws.amazon.com/polly/latest/dg/API_SynthesizeSpeech.html, 2026-11-22',
  };
};

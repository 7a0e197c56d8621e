import { firstOf } from '../../../lib/env.ts';
import { SluiceError } from '../../../types/index.ts';
import type { FetchedToken } from '../../token-cache.ts';
import { askText, parseObject } from './ask.ts';
import { authFailure } from './failure.ts';
import type { AuthTools } from './tools.ts';

/*
 * The metadata server of Google's machines (Compute Engine, GKE, Cloud Run):
 * docs.cloud.google.com/compute/docs/metadata/querying-metadata, read 2026-11-22.
 */

/** It is on the machine: what does not answer at once is not there. */
const timeoutMs = 3000;

const ask = async (path: string, tools: AuthTools): Promise<string | undefined> => {
  const host = firstOf(tools.env, ['GCE_METADATA_HOST', 'GCE_METADATA_IP']) ?? 'metadata.google.internal';
  const url = `http://${host}/computeMetadata/v1/${path}`;
  const who = "the machine's metadata server";
  try {
    const { text, headers } = await askText({ url, who, headers: { 'metadata-flavor': 'Google' }, timeoutMs }, tools);
    // Networks that answer for any name do not know this header.
    return headers.get('metadata-flavor') === 'Google' ? text : undefined;
  } catch (error) {
    if (SluiceError.is(error) && error.code === 'connection') return undefined;
    throw error;
  }
};

/** @throws SluiceError `authentication` where the machine is not Google's, with all the ways there are */
export const machineToken = async (tools: AuthTools): Promise<FetchedToken> => {
  const askedAt = tools.now();
  const text = await ask('instance/service-accounts/default/token', tools);
  const { access_token: value, expires_in: seconds } = (text !== undefined && parseObject(text)) || {};
  if (typeof value === 'string' && value !== '') return { value, expiresAtMs: askedAt + (Number(seconds) || 300) * 1000 };
  throw authFailure(
    'No Google credentials: set GOOGLE_APPLICATION_CREDENTIALS to a file, give vertex_credentials (a path or JSON), run `gcloud auth application-default login`, or run on a machine of Google Cloud with a service account.',
  );
};

export const machineProject = async (tools: AuthTools): Promise<string | undefined> =>
  (await ask('project/project-id', tools))?.trim() || undefined;

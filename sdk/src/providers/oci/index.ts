import { readTextFile } from '../../lib/read-file.ts';
import { SluiceError, type Dialect, type DialectCall, type Provider, type Speaks, type Target } from '../../types/index.ts';
import { textOption } from '../credentials.ts';
import { upstreamUrl } from '../url.ts';
import { ociAuth } from './auth.ts';

/*
 * Oracle Cloud's generative AI (https://docs.oracle.com/en-us/iaas/api/#/en/generative-ai-inference/20231130/, read
 * 2026-11-22; shapes checked with the npm package oci-generativeaiinference 2.142.0). Names of options and variables as
 * LiteLLM has them (BerriAI/litellm `llms/oci/common_utils.py`, read 2026-11-22).
 */

export interface OciOptions {
  now?: () => number;
  readText?: (path: string) => Promise<string>;
}

const text = (options: DialectCall['options'], name: string): string | undefined => {
  const value = options?.[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** A model that all share, or an endpoint of one's own, which is named by its OCID. */
const servingMode = (model: string, options: DialectCall['options']): Record<string, string> => {
  const mode = text(options, 'oci_serving_mode')?.toUpperCase();
  const endpoint = text(options, 'oci_endpoint_id') ?? (model.startsWith('ocid1.generativeaiendpoint') ? model : undefined);
  if (mode === 'DEDICATED' || (mode === undefined && endpoint !== undefined))
    return { servingType: 'DEDICATED', endpointId: endpoint ?? model };
  if (mode === undefined || mode === 'ON_DEMAND') return { servingType: 'ON_DEMAND', modelId: model };
  throw new SluiceError('invalid_request', 'oci_serving_mode is ON_DEMAND or DEDICATED.', {
    param: 'oci_serving_mode',
    provider: 'oci',
    retry: false,
  });
};

/** Every body says whose quota it uses, and how the model is served. */
const dialect = ({ model, body, options }: DialectCall): Dialect => {
  const compartment = text(options, 'oci_compartment_id');
  if (compartment === undefined && body['compartmentId'] === undefined) {
    throw new SluiceError('invalid_request', 'Oracle needs a compartment: give oci_compartment_id, or set OCI_COMPARTMENT_ID.', {
      param: 'oci_compartment_id',
      provider: 'oci',
      retry: false,
    });
  }
  return { members: { ...(compartment !== undefined && { compartmentId: compartment }), servingMode: servingMode(model, options) } };
};

const action = (name: string, protocol: string): Speaks => ({ protocol, path: `/20231130/actions/${name}`, dialect });

const url = (target: Target, speaks: Speaks, stream: boolean): string => {
  const { url: _own, ...provider } = target.provider;
  const region = textOption(target, 'oci_region') ?? 'us-ashburn-1';
  // Nothing that could lead a signed request to another host.
  if (!/^[a-z][a-z0-9-]{0,30}[a-z0-9]$/.test(region))
    throw new SluiceError('invalid_request', 'oci_region is no region: it looks like us-ashburn-1.', {
      param: 'oci_region',
      provider: provider.id,
    });
  const baseUrl = target.baseUrl ?? `https://inference.generativeai.${region}.oci.oraclecloud.com`;
  return upstreamUrl({ ...target, provider, baseUrl }, speaks, stream);
};

/** Cohere's models have a format of their own: its first version here, which all but Command A Vision and Reasoning take. */
const isCohere = (model: string): boolean => /^cohere\./i.test(model);

/** Oracle Cloud's generative AI. Holds the keys of its targets, ready to sign, so a program makes one. */
export const createOci = ({ now = Date.now, readText = readTextFile }: OciOptions = {}): Provider => {
  const common = {
    id: 'oci',
    label: 'Oracle generative AI',
    baseUrlEnv: ['OCI_API_BASE'],
    auth: ociAuth(now, readText),
    keyEnv: ['OCI_KEY'],
    servedWith: [['OCI_KEY', 'OCI_KEY_FILE'], ['OCI_USER'], ['OCI_FINGERPRINT'], ['OCI_TENANCY'], ['OCI_COMPARTMENT_ID']],
    optionsEnv: {
      oci_user: ['OCI_USER'],
      oci_fingerprint: ['OCI_FINGERPRINT'],
      oci_tenancy: ['OCI_TENANCY'],
      oci_region: ['OCI_REGION'],
      oci_key_file: ['OCI_KEY_FILE'],
      oci_compartment_id: ['OCI_COMPARTMENT_ID'],
    },
    credentialOptions: ['oci_key', 'oci_key_file'],
    url,
    variant: ({ model }: { model: string }): Provider => (isCohere(model) ? cohere : generic),
    source: 'https://docs.oracle.com/en-us/iaas/api/#/en/generative-ai-inference/20231130/, 2026-11-22',
  } as const;

  const generic: Provider = {
    ...common,
    speaks: {
      chat: action('chat', 'oci-generic'),
      embeddings: action('embedText', 'oci-embeddings'),
      rerank: action('rerankText', 'oci-rerank'),
    },
    quirks: {
      lacks: ['allowed_tools', 'audio', 'custom_tools', 'modalities', 'prediction', 'web_search_options'],
      efforts: ['none', 'minimal', 'low', 'medium', 'high'],
      noStreamOptions: true,
    },
  };
  const cohere: Provider = { ...generic, speaks: { ...generic.speaks, chat: action('chat', 'oci-cohere') }, quirks: {} };
  return generic;
};

import { SluiceError } from 'sluice/kit';

type Json = Readonly<Record<string, unknown>>;

export interface TeamModel {
  readonly litellm_params: Json;
  readonly model_info: Json;
}

/** What leads to the gateway's own models, relays or files, or to credentials of the machine it runs on. */
const notTheirs: readonly (readonly [name: RegExp, why: string])[] = [
  [/^litellm_credential_name$/, 'names a credential of the gateway'],
  [/(?:_file|_dir|_path)$/, 'names a file of the gateway'],
  [/^aws_(?:profile_name|role_name|session_name|web_identity_token|external_id)$/, 'is signed in to with credentials of the gateway'],
  [/^(?:auto_router|complexity_router)_|^(?:fallbacks|silent_model)$/, 'sends calls to other models'],
  [/^use_in_pass_through$/, 'is for relays that everybody uses'],
];

/** Providers that sign in with what is on the machine, whatever key they are given. */
const signInHere = /^(?:github_copilot|chatgpt)(?:\/|$)/;
const onAws = /^(?:bedrock|sagemaker|aws|amazon)/;
const onVertex = /^vertex_ai/;

/**
 * What may be added by who administers only a team (FP-34): a model that is reached with the team's own key, and with
 * nothing of the gateway's. Addresses are judged elsewhere.
 * @throws SluiceError `permission_denied`, naming the member
 */
export const demandTeamModel = ({ litellm_params: params, model_info: info }: TeamModel): void => {
  const reference = findReference(params, 'litellm_params') ?? findReference(info, 'model_info');
  if (reference !== undefined) throw denied(reference, 'refers to the environment of the gateway');
  for (const [name, value] of Object.entries(params)) {
    if (value == null || value === false || value === '') continue;
    const rule = notTheirs.find(([pattern]) => pattern.test(name));
    if (rule) throw denied(`litellm_params.${name}`, rule[1]);
  }
  if (Array.isArray(info['access_groups']) && info['access_groups'].length > 0)
    throw denied('model_info.access_groups', 'is for groups of the gateway');
  const target = `${text(params['custom_llm_provider']) || text(params['model'])}`;
  if (text(params['model']).startsWith('auto_router/')) throw denied('litellm_params.model', 'sends calls to other models');
  if (signInHere.test(target) || signInHere.test(text(params['model'])))
    throw denied('litellm_params.model', 'is signed in to with credentials of the gateway');
  if (params['mock_response'] == null && !hasOwnKey(params, target))
    throw denied('litellm_params.api_key', "is needed: a team's model is reached with the team's own key");
};

/** Credentials that come with it, so that none of the machine's are looked for. */
const hasOwnKey = (params: Json, target: string): boolean => {
  const has = (...names: string[]) => names.every((name) => text(params[name]) !== '');
  if (onVertex.test(target)) return isOwnGoogleKey(params['vertex_credentials']);
  if (onAws.test(target)) return has('aws_access_key_id', 'aws_secret_access_key') || (target.startsWith('bedrock') && has('api_key'));
  return has('api_key') || has('tenant_id', 'client_id', 'client_secret') || has('azure_ad_token') || has('oci_key') || has('token');
};

/** A key itself: other kinds name files, addresses and programs that lead to one. */
const isOwnGoogleKey = (given: unknown): boolean => {
  let value = given;
  if (typeof value === 'string') {
    try {
      value = JSON.parse(value);
    } catch {
      return false;
    }
  }
  const type = typeof value === 'object' && value !== null ? (value as Json)['type'] : undefined;
  return type === 'service_account' || type === 'authorized_user';
};

/** Where a reference to the environment stands. */
const findReference = (value: unknown, place: string): string | undefined => {
  if (typeof value === 'string') return /os\.environ\//.test(value) ? place : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, item] of Object.entries(value)) {
    const found = findReference(item, `${place}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
};

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const denied = (param: string, why: string): SluiceError =>
  new SluiceError('permission_denied', `'${param}' ${why}: only a proxy admin may add such a model.`, { param, type: 'auth_error' });

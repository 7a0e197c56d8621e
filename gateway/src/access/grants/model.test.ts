import { describe, expect, test } from 'bun:test';
import { demandTeamModel } from './model.ts';

const demand =
  (params: Record<string, unknown>, info: Record<string, unknown> = {}) =>
  () =>
    demandTeamModel({ litellm_params: { model: 'openai/a', ...params }, model_info: info });

describe('what a team admin may add (FP-34)', () => {
  test.each([
    { api_key: 'sk-own' },
    { api_key: 'sk-own', api_base: 'https://vendor.test/v1', rpm: 5, use_in_pass_through: false },
    { model: 'bedrock/x', aws_access_key_id: 'a', aws_secret_access_key: 'b' },
    { model: 'vertex_ai/x', vertex_credentials: '{"type":"service_account"}' },
    { model: 'azure/x', tenant_id: 't', client_id: 'c', client_secret: 's' },
    { mock_response: 'hi' },
  ])('%j', (params) => expect(demand(params)).not.toThrow());

  test.each([
    ['litellm_params.api_key', {}],
    ['litellm_params.api_key', { api_key: '' }],
    ['litellm_params.api_key', { api_key: 'os.environ/OPENAI_API_KEY' }],
    ['litellm_params.extra_body.deep', { api_key: 'k', extra_body: { deep: 'os.environ/X' } }],
    ['litellm_params.litellm_credential_name', { api_key: 'k', litellm_credential_name: 'shared' }],
    ['litellm_params.oci_key_file', { api_key: 'k', oci_key_file: '/etc/key' }],
    ['litellm_params.aws_role_name', { model: 'bedrock/x', aws_role_name: 'r' }],
    ['litellm_params.api_key', { model: 'bedrock/x' }],
    ['litellm_params.api_key', { model: 'sagemaker/x', api_key: 'k' }],
    ['litellm_params.api_key', { custom_llm_provider: 'vertex_ai', api_key: 'k' }],
    ['litellm_params.api_key', { model: 'vertex_ai/x', vertex_credentials: '/etc/google.json' }],
    ['litellm_params.api_key', { model: 'vertex_ai/x', vertex_credentials: { type: 'external_account' } }],
    ['litellm_params.fallbacks', { api_key: 'k', fallbacks: ['gpt'] }],
    ['litellm_params.silent_model', { api_key: 'k', silent_model: 'gpt' }],
    ['litellm_params.use_in_pass_through', { api_key: 'k', use_in_pass_through: true }],
    ['litellm_params.auto_router_default_model', { api_key: 'k', auto_router_default_model: 'gpt' }],
    ['litellm_params.model', { model: 'auto_router/x', api_key: 'k' }],
    ['litellm_params.model', { model: 'github_copilot/x', api_key: 'k' }],
  ])('not %s of %j', (param, params) => {
    try {
      demand(params)();
    } catch (error) {
      expect(error).toMatchObject({ code: 'permission_denied', param });
      return;
    }
    throw new Error('it was allowed');
  });

  test('not the groups of the gateway', () => expect(demand({ api_key: 'k' }, { access_groups: ['beta'] })).toThrow('access_groups'));
});

import { expect, test } from 'bun:test';
import { Secret } from 'sluice/kit';
import { load, loadOne, withParams } from '../testing.ts';

const optionsOf = (model: string, ...lines: string[]) => loadOne(withParams(`model: ${model}`, ...lines));

test.each([
  ['watsonx/ibm/granite', ['project_id: p', 'token: canary', 'watsonx_region_name: eu-de'], ['token']],
  ['watsonx/deployment/d', ['zen_api_key: canary', 'space_id: s'], ['zen_api_key']],
  ['oci/xai.grok-4', ['oci_user: u', 'oci_key: canary', 'oci_serving_mode: DEDICATED', 'oci_compartment_id: c'], ['oci_key']],
  ['sap/gpt-4o', ['sap_client_id: c', 'sap_client_secret: canary', 'sap_resource_group: g'], ['sap_client_secret']],
  ['databricks/m', ['databricks_client_id: c', 'databricks_client_secret: canary'], ['databricks_client_secret']],
  ['gigachat/GigaChat-2', ['gigachat_scope: GIGACHAT_API_CORP', 'gigachat_access_token: canary'], ['gigachat_access_token']],
  ['github_copilot/gpt-4o', ['github_copilot_token_dir: /etc/copilot'], []],
  ['chatgpt/gpt-5.4', ['chatgpt_token_dir: /etc/chatgpt', 'chatgpt_account_id: a'], []],
])('%s: what is given reaches the provider, secrets as such, and no request', (model, lines, secrets) => {
  const { options, defaults } = optionsOf(model, ...lines);
  const given = Object.fromEntries(lines.map((line) => line.split(': ')));
  const revealed = Object.entries(options ?? {}).map(([name, value]) => [name, value instanceof Secret ? value.reveal() : value]);
  expect(Object.fromEntries(revealed)).toEqual(given);
  expect(Object.keys(options ?? {}).filter((name) => options![name] instanceof Secret)).toEqual(secrets);
  expect(JSON.stringify(options)).not.toContain('canary');
  expect(defaults).toEqual({});
});

test('members that LiteLLM’s documents set for a model, and that look like others of ours, go to the provider', () => {
  const { defaults } = optionsOf('databricks/databricks-bge-large-en', 'instruction: Represent this sentence', 'topK: 1', 'topP: 0.5');
  expect(defaults).toEqual({ instruction: 'Represent this sentence', topK: 1, topP: 0.5 });
});

test('what is built is not noted as unbuilt; a mode that there is none of is a mistake', () => {
  expect(load(withParams('model: openai/x', 'project_id: p', 'databricks_client_id: c')).notes).toEqual([]);
  expect(() => load(withParams('model: oci/x', 'oci_serving_mode: SOMEHOW'))).toThrow('oci_serving_mode');
});

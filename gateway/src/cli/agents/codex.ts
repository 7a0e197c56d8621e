import { agentHeaders, type Agent } from './agent.ts';

const keyVariable = 'SLUICE_API_KEY';

/** A value of its `-c name=value`, which is TOML: basic strings are written as JSON's. */
const toml = (text: string): string => JSON.stringify(text);

/** Codex (https://developers.openai.com/codex/config-reference, read 2026-11-22). */
export const codex: Agent = {
  name: 'codex',
  label: 'Codex',
  install: '@openai/codex',
  prefers: [/gpt-.*codex/, /gpt-5/, /gpt/, /\bo\d/],
  vendor: 'openai',
  start({ url, key, model }) {
    const settings: Record<string, string> = {
      model_provider: 'sluice',
      'model_providers.sluice.name': 'Sluice',
      'model_providers.sluice.base_url': `${url}/v1`,
      'model_providers.sluice.wire_api': 'responses',
      'model_providers.sluice.env_key': keyVariable,
      ...Object.fromEntries(Object.entries(agentHeaders).map(([name, value]) => [`model_providers.sluice.http_headers.${name}`, value])),
      ...(model !== undefined && { model }),
    };
    return {
      args: Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${toml(value)}`]),
      env: { [keyVariable]: key },
    };
  },
};

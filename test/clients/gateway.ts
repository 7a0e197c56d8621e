import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WireId } from './upstream/server.ts';

export const key = 'sk-clients-1c9f0f6f0d2c4be7b3f4a7a1f8d0b9c2';

/** The name that clients use -> the format of the provider behind it. */
export const models = {
  'the-chat-model': 'openai-chat',
  'the-responses-model': 'openai-responses',
  'the-claude-model': 'anthropic-messages',
  'the-gemini-model': 'gemini',
  'the-bedrock-model': 'bedrock-converse',
} as const satisfies Record<string, WireId>;

const configOf = (upstream: string, more: string): string => `
model_list:
  - model_name: the-chat-model
    litellm_params: { model: custom_openai/some-model, api_base: "${upstream}/openai-chat/v1", api_key: sk-chat }
  - model_name: the-responses-model
    litellm_params: { model: openai/responses/gpt-5, api_base: "${upstream}/openai-responses/v1", api_key: sk-responses }
  - model_name: the-claude-model
    litellm_params: { model: anthropic/claude-sonnet-4-5, api_base: "${upstream}/anthropic-messages", api_key: sk-anthropic }
  - model_name: the-gemini-model
    litellm_params: { model: gemini/gemini-3-pro-preview, api_base: "${upstream}/gemini/v1beta", api_key: gemini-key }
  - model_name: the-bedrock-model
    litellm_params: { model: bedrock/converse/us.anthropic.claude-sonnet-4-5-20250929-v1:0, api_base: "${upstream}/bedrock-converse", api_key: bedrock-key, aws_region_name: us-east-1 }
  - model_name: "mock/*"
    litellm_params: { model: "mock/*" }
${more}
router_settings: { num_retries: 0 }
`;

export interface Gateway {
  url: string;
  stop(): Promise<void>;
}

/** A gateway in front of `upstream`. @param more entries of `model_list` */
export const startGateway = (upstream: string, more = ''): Promise<Gateway> => launchGateway(configOf(upstream, more));

/** The gateway as its users start it: the launcher on Node, in a process of its own, on a free port. @param config the file's text */
export const launchGateway = async (config: string): Promise<Gateway> => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-clients-'));
  const file = join(folder, 'config.yaml');
  writeFileSync(file, config);
  const launcher = join(import.meta.dir, '../../gateway/bin/sluice.js');
  const child = spawn(process.env['SLUICE_TEST_NODE'] ?? 'node', [launcher, '--config', file, '--port', '0', '--log-level', 'warn'], {
    env: { PATH: process.env['PATH'], HOME: folder, SLUICE_DATA_DIR: folder, SLUICE_MASTER_KEY: key },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the gateway did not start:\n${output}`)), 20_000);
    const take = (data: Buffer) => {
      output += data.toString();
      const found = /listening on (http:\/\/\S+)/.exec(output)?.[1];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('exit', (code) => reject(new Error(`the gateway ended with ${code}:\n${output}`)));
  }).catch((error: unknown) => {
    child.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
    throw error;
  });
  return {
    url,
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 5000);
      await gone;
      clearTimeout(late);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

import { afterAll, expect, test } from 'bun:test';
import { dirname, join } from 'node:path';
import { key, launchGateway } from '../gateway.ts';
import { startKeeper } from '../keeper.ts';
import { environments } from './environments.ts';

/* Images, sound, documents, videos, files and batches, as real clients in Python ask for them: `media/` says what they do. */

interface Found {
  name: string;
  problem: string | null;
}

const timeoutMs = 120_000;

/** Runs all checks of a folder. */
const runChecks = async (python: string, folder: string, url: string): Promise<Found[]> => {
  const child = Bun.spawn([python, join(import.meta.dir, 'checks.py'), folder, url, key], {
    cwd: import.meta.dir,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      PYTHONUTF8: '1',
      PYTHONPYCACHEPREFIX: join(dirname(dirname(python)), 'pycache'),
    },
    stdout: 'pipe',
    stderr: 'inherit',
    timeout: timeoutMs,
  });
  const text = await new Response(child.stdout).text();
  const status = await child.exited;
  if (status !== 0) throw new Error(`the checks of ${folder} ended with ${status}:\n${text}`);
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Found);
};

for (const { python } of environments().filter(({ folder }) => folder === 'sdks')) {
  const keeper = startKeeper();
  afterAll(keeper.stop);
  const gateway = await launchGateway(`
model_list:
  - model_name: keeper
    litellm_params: { model: openai/gpt-4o, api_base: "${keeper.url}/v1", api_key: sk-keeper }
  - model_name: mistral-keeper
    litellm_params: { model: mistral/mistral-small-latest, api_base: "${keeper.url}/v1", api_key: sk-keeper }
  - model_name: deepgram-keeper
    litellm_params: { model: deepgram/nova-3, api_base: "${keeper.url}", api_key: sk-keeper, use_in_pass_through: true }
  - model_name: elevenlabs-keeper
    litellm_params: { model: elevenlabs/eleven_v3, api_base: "${keeper.url}", api_key: sk-keeper, use_in_pass_through: true }
  - model_name: "mock/*"
    litellm_params: { model: "mock/*" }
router_settings: { num_retries: 0 }
`);
  afterAll(gateway.stop);
  for (const { name, problem } of await runChecks(python, 'media', gateway.url))
    test(`python ${name}`, () => {
      expect(problem).toBeNull();
    });
}

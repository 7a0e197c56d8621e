import { Secret } from 'sluice/kit';
import { loadConfig } from '../../gateway/src/config/load.ts';
import { startServer } from '../../gateway/src/server/index.ts';
import { providers } from '../../sdk/src/providers/index.ts';
import { chatRecordings, sideRecordings } from './groups.ts';
import { loadRecordings, type Recording } from './recordings.ts';
import { startReplayUpstream, type Received } from './replay-upstream.ts';

/* Recorded calls that are neither chat nor embeddings: files, batches, images, sound, lists of models, and whatever else. */

/** Names of the recordings' providers -> ours, and so the prefix of their relays. Those that are not here have none. */
const names: Readonly<Record<string, string>> = {
  anthropic: 'anthropic',
  bedrock: 'bedrock',
  cohere: 'cohere',
  deepgram: 'deepgram',
  deepseek: 'deepseek',
  copilot: 'github_copilot',
  gemini: 'gemini',
  groq: 'groq',
  mistral: 'mistral',
  ollama: 'ollama',
  openai: 'openai',
  openrouter: 'openrouter',
  portkey: 'portkey',
  replicate: 'replicate',
  xai: 'xai',
};

/** Not of the vendor's API: documents that a program fetched on its way, hosts of others. Lists of models are the gateway's own. */
const ofOthers =
  /^(?:\/openai)?(?:\/v1)?\/models\b|^\/(?:en|document|images?|bin|crewai_plus|knowledgebases|agents|retrieveAndGenerate|inference-profiles|guardrail)\b/;

export interface OtherCall {
  recording: Recording;
  /** Ours. */
  provider: string;
  /** Path and query of the vendor. */
  path: string;
}

export const otherCalls = (): OtherCall[] => {
  const used = new Set([...chatRecordings(), ...sideRecordings()].map(({ recording }) => recording.index));
  return loadRecordings().flatMap((recording) => {
    const provider = names[recording.provider];
    if (used.has(recording.index) || provider === undefined || recording.endpoint === '') return [];
    const path = recording.url.replace(/^https?:\/\/[^/]+/, '');
    // The bytes of some files were not kept.
    const cut = recording.requestText === '' && (recording.requestHeaders['content-type'] ?? '').startsWith('multipart/');
    return ofOthers.test(path) || path.includes('<') || cut ? [] : [{ recording, provider, path }];
  });
};

/** Each path under which a client may make such a call: under the provider's name, and OpenAI's and Anthropic's as they are. */
export const pathsOf = ({ provider, path }: OtherCall): string[] => {
  const relayed = `/${provider}${path}`;
  return plain.test(path) && (provider === 'openai' || provider === 'anthropic') ? [relayed, path] : [relayed];
};

/** What is served without a provider's name in front. */
const plain =
  /^\/v1\/(?:files|batches|images|audio|moderations|vector_stores|responses\/|conversations|threads|assistants|messages\/batches)/;

export interface OtherOutcome {
  status: number;
  bytes: Uint8Array;
  received: Received | undefined;
}

const masterKey = 'sk-replay-3f1c8a6d5e7b49021c6d';

/** A gateway with one deployment a provider, whose upstream plays one recording after another. */
export const startOtherCalls = async () => {
  const upstream = startReplayUpstream();
  const entries = [...new Set(Object.values(names))].map((id) => {
    const { baseUrl = 'http://x' } = providers.get(id);
    const base = `${upstream.origin}/${id}${new URL(baseUrl).pathname.replace(/\/$/, '')}`;
    return {
      // Models of one provider alone go without its name.
      model_name: id === 'openai' ? '*' : `${id}/*`,
      litellm_params: { model: `${id}/*`, api_base: base, api_key: 'sk-replay', num_retries: 0, use_in_pass_through: true, ...more[id] },
    };
  });
  const loaded = loadConfig(JSON.stringify({ model_list: entries, router_settings: { disable_cooldowns: true } }), {
    file: 'other.yaml',
    env: {},
  });
  if (!loaded.ok) throw new Error(`the replay configuration is wrong: ${JSON.stringify(loaded.problems.slice(0, 3))}`);
  const server = await startServer({
    snapshot: loaded.snapshot,
    host: '127.0.0.1',
    port: 0,
    masterKey: new Secret(masterKey),
    env: {},
    log: () => {},
    version: 'replay',
  });
  return {
    async call({ recording, provider }: OtherCall, path: string): Promise<OtherOutcome> {
      const { status, responseHeaders: headers, responseBytes: body } = recording;
      upstream.serve(provider, { status, headers, body });
      upstream.received(provider);
      const sent = new Headers(recording.requestHeaders);
      sent.set('authorization', `Bearer ${masterKey}`);
      // Its SDKs always say it, and not every recording has kept it.
      if (provider === 'anthropic') sent.set('anthropic-version', '2023-06-01');
      const response = await fetch(server.url + path, {
        method: recording.method,
        headers: sent,
        ...(recording.requestText !== '' && { body: recording.requestText }),
        signal: AbortSignal.timeout(10_000),
      });
      const bytes = new Uint8Array(await response.arrayBuffer());
      return { status: response.status, bytes, received: upstream.received(provider)[0] };
    },
    async stop() {
      await server.stop({ drainTimeoutMs: 1000 });
      await upstream.stop();
    },
  };
};

const more: Readonly<Record<string, object>> = {
  bedrock: { aws_region_name: 'us-east-1' },
  github_copilot: {},
};

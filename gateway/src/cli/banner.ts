import type { ConfigSnapshot } from '../config/snapshot.ts';
import type { FoundProvider } from '../config/quick-start.ts';
import { summary } from './config-commands.ts';
import { chatWith, exampleCall, type ExampleCall } from './example-call.ts';
import type { MasterKey } from './master-key.ts';
import type { ModeOf } from './mode-of.ts';
import type { FoundOllama } from './ollama.ts';

export interface BannerFacts {
  version: string;
  url: string;
  snapshot: ConfigSnapshot;
  masterKey: MasterKey;
  modeOf: ModeOf;
  /** Where keys, teams and users are kept; undefined: nowhere. */
  database: string | undefined;
  /** Of a quick start. */
  found?: { providers: readonly FoundProvider[]; ollama?: FoundOllama };
}

/** What is said when the gateway is up: where, what it serves, the key, and a call to paste. */
export const banner = (facts: BannerFacts): string => {
  const { version, url, snapshot, masterKey, found } = facts;
  const lines = [`Sluice ${version} is listening on ${url}`, ''];
  if (found) lines.push(...foundLines(found));
  else if (snapshot.file === undefined) lines.push(`  ${snapshot.deployments[0]?.modelName ?? ''}, and every other model name`);
  else lines.push(`  ${snapshot.file}: ${summary(snapshot)} Version ${snapshot.version}.`);
  lines.push('', `  Master key   ${keyLine(masterKey)}`);
  if (facts.database !== undefined) lines.push(`  Database     ${facts.database}`);
  lines.push('', 'Try it:', '', curl(facts), '');
  return `${lines.join('\n')}\n`;
};

const foundLines = ({ providers, ollama }: NonNullable<BannerFacts['found']>): string[] => {
  const routes = providers.map(({ provider, variables }) => [`${provider.id}/*`, variables.join(', ')]);
  if (ollama) routes.push(['ollama/*', `${ollama.url}${ollama.models.length > 0 ? ` (${some(ollama.models)})` : ' (no models yet)'}`]);
  routes.push(['mock/*', 'built in, needs no key']);
  const width = Math.max(12, ...routes.map(([name]) => name!.length)) + 1;
  const lines = routes.map(([name, from]) => `  ${name!.padEnd(width)}${from}`);
  if (providers.length === 0 && !ollama) {
    lines.push(
      '',
      '  No provider key in the environment and no Ollama: only the built-in mock answers.',
      '  Set a key, e.g. OPENAI_API_KEY or ANTHROPIC_API_KEY, and start again.',
    );
  }
  return lines;
};

const some = (names: readonly string[]): string =>
  `${names.slice(0, 4).join(', ')}${names.length > 4 ? `, and ${names.length - 4} more` : ''}`;

/** The key itself is shown once, when it is made; after that, where it is. */
const keyLine = ({ from, key, path, trouble }: MasterKey): string => {
  switch (from) {
    case 'made':
      return `${key.reveal()}\n               made now, kept in ${path}`;
    case 'unkept':
      return `${key.reveal()}\n               for this run only: ${trouble}. Set SLUICE_MASTER_KEY or SLUICE_DATA_DIR.`;
    case 'kept':
      return `in ${path}`;
    case 'config':
      return 'as in the configuration file';
    default:
      return `from ${from}`;
  }
};

const curl = ({ url, snapshot, masterKey, found, modeOf }: BannerFacts): string => {
  const { path, body, form, output } = callToTry(snapshot, found, modeOf);
  const parts = [`curl ${url}${path}`, `-H "Authorization: Bearer ${bearer(masterKey)}"`];
  if (body) parts.push('-H "Content-Type: application/json"', `-d ${quoted(JSON.stringify(body))}`);
  for (const [name, value] of Object.entries(form ?? {})) parts.push(`-F ${quoted(`${name}=${value}`)}`);
  if (output !== undefined) parts.push(`--output ${output}`);
  return `  ${parts.join(' \\\n    ')}`;
};

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

const bearer = ({ from, key, path }: MasterKey): string => {
  if (from === 'SLUICE_MASTER_KEY' || from === 'LITELLM_MASTER_KEY') return `$${from}`;
  if (from === 'unkept') return key.reveal();
  return path === undefined ? '<the master key>' : `$(cat '${path}')`;
};

const callToTry = (snapshot: ConfigSnapshot, found: BannerFacts['found'], modeOf: ModeOf): ExampleCall => {
  const local = found?.ollama?.models[0];
  if (local !== undefined) return chatWith(`ollama/${local}`);
  return found ? chatWith('mock/hello') : exampleCall(snapshot, modeOf);
};

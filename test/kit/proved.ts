import { providers } from '../../sdk/src/providers/index.ts';
import type { Operation, Provider, ResourceKind } from '../../sdk/src/types/index.ts';
import { variantsOf } from '../../sdk/src/providers/offers.ts';
import { entryOf } from './deployments.ts';
import { chatRecordings, sideRecordings } from './groups.ts';
import { otherCalls, type OtherCall } from './other-calls.ts';

/** The endpoint of a provider that is spoken to in a format; counts of tokens have formats of their own here. */
const endpointIn = (provider: Provider, format: string): string | undefined => {
  if (format.endsWith('-count')) return 'count-tokens';
  for (const { speaks } of variantsOf(provider)) {
    const found = Object.entries(speaks).find(([, each]) => each?.protocol === format);
    if (found) return found[0];
  }
  return undefined;
};

/** What calls beside chat are, by the end of their path. */
const others: readonly (readonly [end: RegExp, what: string])[] = [
  [/\/images\/generations$/, 'image-generation'],
  [/\/images\/edits$/, 'image-edit'],
  [/\/audio\/speech$/, 'speech'],
  [/\/audio\/transcriptions$/, 'transcription'],
  [/\/moderations$/, 'moderation'],
  [/\/v1\/ocr$/, 'ocr'],
  [/^\/v1\/messages\/batches\b/, 'message_batches'],
  [/^\/v1\/(files|batches|vector_stores|conversations|threads|assistants)\b/, ''],
];

/** Only where the client's format is the vendor's: a relay proves nothing of an adapter. */
const otherEndpoint = ({ provider: id, path }: OtherCall): string | undefined => {
  const { operations, resources } = providers.get(id);
  for (const [end, what] of others) {
    const match = end.exec(path.split('?')[0]!);
    if (!match) continue;
    const name = what || (match[1] === 'files' && resources?.anthropic_files ? 'anthropic_files' : match[1]!);
    const served = operations?.[name as Operation] ?? resources?.[name as ResourceKind];
    return served && 'path' in served && typeof served.path === 'string' ? name : undefined;
  }
  return undefined;
};

/** What recordings prove: `provider endpoint`, sorted. */
export const provedByRecordings = (): string[] => {
  const found = new Set<string>();
  for (const chat of [...chatRecordings(), ...sideRecordings()]) {
    const { model } = entryOf(chat, 'm', 'http://127.0.0.1').litellm_params;
    const provider = providers.find(model.split('/')[0]!);
    const endpoint = provider && endpointIn(provider, chat.place.format);
    // A vendor that is played by the row of another proves nothing of its own.
    if (provider && endpoint !== undefined && isOwn(chat.recording.provider, provider)) found.add(`${provider.id} ${endpoint}`);
  }
  for (const call of otherCalls()) {
    const endpoint = call.recording.status < 400 ? otherEndpoint(call) : undefined;
    if (endpoint !== undefined) found.add(`${call.provider} ${endpoint}`);
  }
  return [...found].sort();
};

/** Names under which the recordings know a provider that is called otherwise here. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  azure_ai: ['azure'],
  bedrock_mantle: ['bedrock'],
  github_copilot: ['copilot'],
  together_ai: ['together'],
  vertex_ai: ['vertexai'],
  veniceai: ['venice'],
};

const isOwn = (recorded: string, { id }: Provider): boolean => recorded === id || (otherNames[id]?.includes(recorded) ?? false);

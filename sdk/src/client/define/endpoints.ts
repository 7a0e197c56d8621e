import { anthropicMessages, everyMedia, jinaReranks, openaiFormats, openaiMedia } from '../../providers/speaks.ts';
import type { Operation, Provider, Speaks } from '../../types/index.ts';
import type { DefinedEndpoint } from './definition.ts';

type Format = Exclude<DefinedEndpoint, Operation>;

const formats: Readonly<Record<Format, Speaks>> = {
  ...(openaiFormats('chat', 'completions', 'responses', 'embeddings') as Record<
    'chat' | 'completions' | 'responses' | 'embeddings',
    Speaks
  >),
  ...anthropicMessages(),
  ...jinaReranks(),
};

const media = { ...everyMedia(), ...openaiMedia('ocr', 'search') } as Readonly<Record<Operation, Speaks>>;

/** All that a vendor may be said to have. */
export const definedEndpoints = [...Object.keys(formats), ...Object.keys(media)] as DefinedEndpoint[];

const isFormat = (name: DefinedEndpoint): name is Format => Object.hasOwn(formats, name);

/** Endpoints by their names, at their usual paths. */
export const served = (names: readonly DefinedEndpoint[]): Pick<Provider, 'speaks' | 'operations'> => {
  const operations = names.filter((name): name is Operation => !isFormat(name));
  return {
    speaks: Object.fromEntries(names.filter(isFormat).map((name) => [name, { ...formats[name] }])),
    ...(operations.length > 0 && { operations: Object.fromEntries(operations.map((name) => [name, { ...media[name] }])) }),
  };
};

/** What is served at a path, in LiteLLM's way to say it (`/v1/chat/completions`); undefined for one that nothing here serves. */
export const endpointAt = (path: string): DefinedEndpoint | undefined => {
  const bare = path.replace(/^\/?(?:v1\/)?/, '/').replace(/\/$/, '');
  return definedEndpoints.find((name) => (isFormat(name) ? formats[name] : media[name]).path === bare);
};

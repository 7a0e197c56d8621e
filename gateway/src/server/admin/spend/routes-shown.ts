import { fixedPaths } from '../../paths.ts';

/** What LiteLLM's logs call a kind of call (`call_type`; v1.96.0, read 2026-11-22). Others are called as their route is. */
const callTypes: Readonly<Record<string, string>> = {
  chat: 'acompletion',
  completions: 'atext_completion',
  embeddings: 'aembedding',
  responses: 'aresponses',
  messages: 'anthropic_messages',
  images_generations: 'aimage_generation',
  images_edits: 'aimage_edit',
  images_variations: 'aimage_variation',
  audio_transcriptions: 'atranscription',
  audio_translations: 'atranscription',
  audio_speech: 'aspeech',
  moderations: 'amoderation',
  rerank: 'arerank',
  ocr: 'aocr',
  search: 'asearch',
  videos: 'avideo_generation',
  realtime: '_arealtime',
  pass_through: 'pass_through_endpoint',
};

export const callTypeOf = (route: string): string => (Object.hasOwn(callTypes, route) ? callTypes[route]! : route);

let known: ReadonlyMap<string, string> | undefined;

/** The shortest of a route's paths, without its version: LiteLLM's endpoints are called so (`/chat/completions`). */
export const endpointOf = (route: string): string => {
  known ??= shortest();
  return known.get(route) ?? `/${route}`;
};

const shortest = (): ReadonlyMap<string, string> => {
  const found = new Map<string, string>();
  for (const [path, route] of fixedPaths) {
    const before = found.get(route);
    if (before === undefined || path.length < before.length) found.set(route, path);
  }
  return found;
};

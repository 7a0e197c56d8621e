import type { Recording } from './recordings.ts';

/** The formats of chat calls, by the names that the protocols have. Spelled here again: the kit knows nothing of them. */
export type WireFormat = 'openai-chat' | 'openai-completions' | 'openai-responses' | 'anthropic-messages' | 'gemini' | 'ollama-chat';

/** The formats in which a client may call the gateway. */
export const clientFormats = ['openai-chat', 'openai-responses', 'anthropic-messages', 'gemini'] as const;
export type ClientFormat = (typeof clientFormats)[number] | 'openai-completions';

/** What a recording's URL says. */
export interface Place {
  format: WireFormat;
  /** The path before the part that the format owns: `/openai/v1` of `/openai/v1/chat/completions`. */
  base: string;
  /** The query, with its `?`, or ''. */
  query: string;
}

/** The format's own end of the path. The first that matches counts. */
const ends: readonly (readonly [RegExp, WireFormat])[] = [
  [/\/chat\/completions$/, 'openai-chat'],
  [/\/completions$/, 'openai-completions'],
  [/\/responses$/, 'openai-responses'],
  [/\/v1\/messages$/, 'anthropic-messages'],
  [/\/models\/[^/:]+:(?:generateContent|streamGenerateContent)$/, 'gemini'],
  [/\/api\/chat$/, 'ollama-chat'],
];

/** Where the exchange belongs; undefined if it is not a chat call in a format known here. */
export const placeOf = (recording: Pick<Recording, 'method' | 'url'>): Place | undefined => {
  if (recording.method !== 'POST') return undefined;
  // Some sources keep the path alone, one a placeholder in front of it.
  const path = recording.url.replace(/^https?:\/\/[^/?]*/, '').replace(/^<[^>]*>/, '');
  const at = path.indexOf('?');
  const [pathname, query] = at === -1 ? [path, ''] : [path.slice(0, at), path.slice(at)];
  for (const [end, format] of ends) {
    const match = end.exec(pathname);
    if (match) return { format, base: pathname.slice(0, match.index), query };
  }
  return undefined;
};

import type { Provider } from 'sluice/kit';
import type { Live } from '../../pipeline/live.ts';

/** A way into a conversation over a WebSocket. */
export interface RealtimeDoor {
  /** Whose events it speaks: those of OpenAI, which names the model in the URL, or those of Gemini Live, whose first message does. */
  protocol: 'openai' | 'gemini';
  /** Who answers for models that the configuration does not know, where the path says it. */
  provider?: Provider;
}

const openai = /^(?:\/(?<prefix>[a-z][\w.-]*))?(?:\/openai)?(?:\/v1)?\/realtime$/;
// Google's own library puts a slash between a base URL that ends with one and its path.
const gemini = /^(?:\/gemini)?\/{1,2}ws\/google\.ai\.generativelanguage\.v1\w*\.GenerativeService\.BidiGenerateContent(?:Constrained)?$/;
const vertex = /^(?:\/vertex_ai\/live|(?:\/vertex_ai)?\/{1,2}ws\/google\.cloud\.aiplatform\.v1\w*\.LlmBidiService\/BidiGenerateContent)$/;

/** What spares other paths the rest. */
const ending = /(?:\/realtime|BidiGenerateContent|BidiGenerateContentConstrained|\/live)$/;

/** The door of a path, undefined if it is none. */
export const realtimeDoor = (path: string, { relays }: Live): RealtimeDoor | undefined => {
  const own = (name: string): { provider?: Provider } => {
    const provider = relays.find(name);
    return provider?.realtime ? { provider } : {};
  };
  if (!ending.test(path)) return undefined;
  if (gemini.test(path)) return { protocol: 'gemini', ...own('gemini') };
  if (vertex.test(path)) return { protocol: 'gemini', ...own('vertex_ai') };
  const found = openai.exec(path);
  if (!found) return undefined;
  const prefix = found.groups?.['prefix'];
  if (prefix === undefined || prefix === 'v1') return { protocol: 'openai' };
  const named = own(prefix);
  return named.provider?.realtime?.protocol === 'openai' ? { protocol: 'openai', ...named } : undefined;
};

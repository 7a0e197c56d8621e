import type { CacheControl, Part, ProtocolExtra } from './part.ts';

/**
 * One turn. Invariants that every `fromWire` keeps and every `toWire` may rely on:
 * - system and developer text is a message of that role, in the place where it stood;
 * - tool results are in messages of role `tool` and nowhere else (Anthropic and Gemini put them in user turns:
 *   a turn that mixes them with text becomes a `tool` message followed by a `user` message);
 * - tool calls and thinking are in messages of role `assistant` and nowhere else.
 */
export interface Message {
  role: 'system' | 'developer' | 'user' | 'assistant' | 'tool';
  content: Part[];
  /** The speaker's name (OpenAI). */
  name?: string;
  cacheControl?: CacheControl;
  /** OpenAI Responses: the item's id and phase. */
  id?: string;
  extra?: ProtocolExtra;
}

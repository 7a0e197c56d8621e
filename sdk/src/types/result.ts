import type { JsonObject } from './json.ts';
import type { Part } from './part.ts';
import type { Usage } from './usage.ts';

export type FinishReason =
  | 'stop'
  /** One of the request's stop sequences. */
  | 'stop-sequence'
  | 'length'
  | 'tool-calls'
  | 'content-filter'
  | 'refusal'
  /** The provider paused a long turn of its own tools: send the answer back to go on (Anthropic `pause_turn`). */
  | 'pause'
  | 'context-window'
  /** The model wrote a tool call that cannot be read (Gemini `MALFORMED_FUNCTION_CALL`). */
  | 'malformed-tool-call'
  | 'error'
  | 'other';

export interface Candidate {
  index: number;
  content: Part[];
  finishReason: FinishReason;
  /** The provider's own word. */
  rawFinishReason?: string;
  stopSequence?: string;
  /** OpenAI's shape: `{ content: [...], refusal: [...] }`. */
  logprobs?: JsonObject;
}

/** A whole answer in the neutral model. */
export interface ChatResult {
  id: string;
  model: string;
  /** Unix seconds; absent where the provider does not say. */
  createdAt?: number;
  candidates: Candidate[];
  usage?: Usage;
  serviceTier?: string;
  systemFingerprint?: string;
  /** Members of the answer that are not of the protocol, by its name: `{ 'openai-chat': { citations: [...] } }`. */
  extra?: { [protocol: string]: JsonObject };
}

import type { SluiceError } from './error.ts';
import type { JsonObject } from './json.ts';
import type { Citation, Part, Signature } from './part.ts';
import type { FinishReason } from './result.ts';
import type { Usage } from './usage.ts';

/**
 * A streamed answer in the neutral model. Invariants that every decoder keeps and every encoder may rely on:
 * - `start` comes first and once;
 * - each content part is one `part-start`, its deltas, one `part-end`; `index` counts the parts of a candidate
 *   from 0 in the order of their start; parts of one candidate may be open at the same time (parallel tool calls);
 * - `part-start` of text, thinking and tool calls carries empty text, thoughts and arguments: all content is in
 *   deltas, so an encoder never has two places to look; other parts come whole in their `part-start`;
 * - a tool call's id and name are known at its `part-start`;
 * - `usage` is cumulative and may come more than once: the last one holds;
 * - each candidate has one `finish`, after its last `part-end`;
 * - the last part is either `end` (the provider's own end of the stream was seen) or `error`, and nothing after it.
 */
export type StreamPart =
  | { type: 'start'; id?: string; model?: string; createdAt?: number; usage?: Usage; serviceTier?: string; systemFingerprint?: string }
  | { type: 'part-start'; candidate: number; index: number; part: Part }
  | { type: 'text-delta'; candidate: number; index: number; text: string; logprobs?: JsonObject }
  | { type: 'thinking-delta'; candidate: number; index: number; text: string; newParagraph?: boolean; logprobs?: JsonObject }
  | { type: 'signature-delta'; candidate: number; index: number; signature: Signature }
  | { type: 'arguments-delta'; candidate: number; index: number; text: string }
  | { type: 'citation-delta'; candidate: number; index: number; citation: Citation }
  | { type: 'audio-delta'; candidate: number; index: number; data?: string; transcript?: string }
  | { type: 'part-end'; candidate: number; index: number; /** Facts known only at the end (audio expiry, item ids). */ patch?: JsonObject }
  | { type: 'finish'; candidate: number; reason: FinishReason; rawReason?: string; stopSequence?: string; logprobs?: JsonObject }
  | { type: 'usage'; usage: Usage }
  /** Top-level members of the answer that are not of the protocol (`extra` of the whole answer), as they become known. */
  | { type: 'extra'; protocol: string; value: JsonObject; serviceTier?: string; systemFingerprint?: string }
  | { type: 'error'; error: SluiceError }
  | { type: 'end' };

/** Takes one part. Called synchronously: decoding a token costs no promise. */
export type Emit = (part: StreamPart) => void;

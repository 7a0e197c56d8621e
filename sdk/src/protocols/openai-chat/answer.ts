import type { DecodeHints, FinishReason, Part } from '../../types/index.ts';
import { readFinishReason } from '../shared/openai-finish.ts';
import { customInput } from './tool-calls.ts';

/**
 * Why an answer ended. Vendors say `stop`, or nothing, although there are calls to answer; Gemini's API knows no other
 * word (FP-19).
 */
export const finishOf = (raw: string | undefined, hasCalls: boolean): FinishReason => {
  const reason = readFinishReason(raw) ?? 'stop';
  if (reason === 'stop' && hasCalls) return 'tool-calls';
  // The forced call that carried the JSON is gone.
  return reason === 'tool-calls' && !hasCalls ? 'stop' : reason;
};

/** Undoes what the request's translation had to do to tools: the forced JSON tool, short names, wrapped custom tools. */
export const applyHints = (content: Part[], hints: DecodeHints | undefined): Part[] => {
  if (!hints) return content;
  return content.map((part) => {
    if (part.type !== 'tool-call') return part;
    if (part.name === hints.jsonToolName) return { type: 'text', text: part.arguments };
    const name = hints.toolNames?.[part.name] ?? part.name;
    if (!hints.customTools?.includes(name)) return { ...part, name };
    return { ...part, name, kind: 'custom', arguments: customInput(part.arguments) };
  });
};

import type { FromResultContext, JsonObject, StreamEncoder, StreamPart, ToolCallPart, Usage, WireEvent } from '../../types/index.ts';
import { createCollector } from '../shared/collect.ts';
import { toEvents } from './errors.ts';
import { doneReason, writeBlocks, writeCall, writeMessage } from './message-writer.ts';
import { usageToWire } from './usage.ts';

const none: readonly WireEvent[] = [];

/**
 * Writes the lines of `/api/chat`. Ollama has one answer to a request: others than the first are left out.
 * @param shape makes a line of another endpoint of it
 */
export const encoder = (context: FromResultContext, shape: (line: JsonObject) => JsonObject = (line) => line): StreamEncoder => {
  const calls = new Map<number, ToolCallPart>();
  /** The answer so far: what is opaque in it is told at its end, in one piece, because clients do not join lists. */
  const collector = createCollector();
  let written = 0;
  /** The thought that has text already. */
  let thought: number | undefined;
  let model = context.model;
  let usage: Usage | undefined;
  let reason = 'stop';
  let extra: JsonObject = {};

  const line = (message: JsonObject, more: JsonObject): readonly WireEvent[] => [
    { data: JSON.stringify(shape({ model, created_at: new Date(context.now()).toISOString(), message, ...more })) },
  ];
  const say = (message: JsonObject, more: JsonObject = {}) =>
    line({ role: 'assistant', content: '', ...message }, { done: false, ...more });

  type Handlers = { [T in StreamPart['type']]: (part: Extract<StreamPart, { type: T }>) => readonly WireEvent[] };
  const on: Handlers = {
    start(part) {
      model = part.model || context.model;
      ({ usage } = part);
      return none;
    },
    'part-start'({ part, index }) {
      if (part.type === 'tool-call') {
        calls.set(index, { ...part });
        return none;
      }
      const { role: _role, content, ...more } = writeMessage([part]);
      return content === '' && Object.keys(more).length === 0 ? none : say({ content, ...more });
    },
    'text-delta'({ text, logprobs }) {
      const scores = logprobs?.['content'];
      return text === '' && !scores ? none : say({ content: text }, Array.isArray(scores) ? { logprobs: scores } : {});
    },
    'thinking-delta'({ text, newParagraph, index }) {
      const shown = newParagraph && thought === index ? `\n\n${text}` : text;
      if (shown === '') return none;
      thought = index;
      return say({ thinking: shown });
    },
    'signature-delta'({ index, signature }) {
      const call = calls.get(index);
      if (call) call.signature = signature;
      return none;
    },
    'arguments-delta'({ index, text }) {
      const call = calls.get(index);
      if (call) call.arguments += text;
      return none;
    },
    'citation-delta': () => none,
    'audio-delta': ({ transcript }) => (transcript ? say({ content: transcript }) : none),
    'part-end'({ index, patch }) {
      const call = calls.get(index);
      if (!call) return none;
      calls.delete(index);
      return say({ tool_calls: [writeCall({ ...call, ...patch }, written++)] });
    },
    finish(part) {
      reason = doneReason(part.reason);
      return none;
    },
    usage(part) {
      ({ usage } = part);
      return none;
    },
    extra(part) {
      if (part.protocol === 'ollama-chat') extra = { ...extra, ...part.value };
      return none;
    },
    error: ({ error }) => toEvents(error),
    end() {
      const blocks = writeBlocks(collector.result().candidates[0]?.content ?? []);
      return say(blocks, { done: true, done_reason: reason, ...extra, ...usageToWire(usage) });
    },
  };
  return {
    push(part) {
      if ('candidate' in part && part.candidate > 0) return none;
      collector.push(part);
      return (on[part.type] as (part: StreamPart) => readonly WireEvent[])(part);
    },
  };
};

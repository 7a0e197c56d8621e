import { estimateTokens } from '../../lib/estimate-tokens.ts';
import type { Candidate, ChatRequest, ChatResult, FinishReason, FunctionTool, Message, Part, Usage } from '../../types/index.ts';
import { sampleOf } from './sample.ts';
import type { Script } from './script.ts';

/**
 * The mock's answer: the same request gives the same answer, word for word, id and usage included.
 * Follows `tools` and `tool_choice`, `response_format`, `stop`, the output limit and `n`.
 */
export const answer = (request: ChatRequest, script: Script): ChatResult => {
  const content = contentOf(request, script);
  const { parts, reason, stopSequence } = limited(content, request);
  const candidates = Array.from({ length: Math.max(1, request.candidateCount ?? 1) }, (_, index): Candidate => ({
    index,
    content: parts,
    finishReason: reason,
    ...(stopSequence !== undefined && { stopSequence }),
  }));
  return {
    id: `chatcmpl-mock-${hash(JSON.stringify(request.messages))}`,
    model: request.model,
    candidates,
    usage: usageOf(request, parts, candidates.length),
  };
};

const contentOf = (request: ChatRequest, script: Script): Part[] => {
  if (script.toolCalls) return [...text(script.text), ...script.toolCalls];
  if (script.text !== undefined) return text(script.text);
  const tool = toolToCall(request, script);
  if (tool)
    return [
      {
        type: 'tool-call',
        kind: 'function',
        id: `call_mock_${hash(tool.name)}`,
        name: tool.name,
        arguments: JSON.stringify(sampleOf(tool.parameters)),
      },
    ];
  const said = lastSaid(request.messages);
  const { responseFormat } = request;
  if (responseFormat?.type === 'json-schema') return text(JSON.stringify(sampleOf(responseFormat.schema)));
  if (responseFormat?.type === 'json') return text(JSON.stringify({ answer: said }));
  if (script.manner === 'echo') return text(said);
  const thoughts: Part[] =
    script.manner === 'thinking' ? [{ type: 'thinking', text: `The user said: "${said}". I am a mock, so I shall say so.` }] : [];
  return [...thoughts, ...text(said === '' ? 'This is the mock model.' : `This is the mock model. You said: ${said}`)];
};

const text = (value: string | undefined): Part[] => (value === undefined || value === '' ? [] : [{ type: 'text', text: value }]);

/** A tool is called where the request demands one, or where `mock/tools` is asked and no result has come back yet. */
const toolToCall = ({ tools, toolChoice, messages }: ChatRequest, { manner }: Script): FunctionTool | undefined => {
  const functions = (tools ?? []).filter((tool): tool is FunctionTool => tool.type === 'function');
  const choice = toolChoice?.type;
  if (choice === 'none') return undefined;
  if (toolChoice?.type === 'tool') return functions.find(({ name }) => name === toolChoice.name);
  const allowed = toolChoice?.type === 'allowed' ? functions.filter(({ name }) => toolChoice.names.includes(name)) : functions;
  if (choice === 'required' || (toolChoice?.type === 'allowed' && toolChoice.required)) return allowed[0];
  return manner === 'tools' && messages.at(-1)?.role !== 'tool' ? allowed[0] : undefined;
};

/** The last words that came from the user's side. */
const lastSaid = (messages: readonly Message[]): string => {
  const last = messages.findLast(({ role }) => role === 'user' || role === 'tool');
  return (last?.content ?? []).map(textOf).join('');
};

const textOf = (part: Part): string =>
  part.type === 'text' ? part.text : part.type === 'tool-result' ? part.content.map(textOf).join('') : '';

/** Words with the space behind them: what the mock streams one by one, and counts as a token each. */
export const piecesOf = (value: string): string[] => value.match(/\S+\s*|\s+/g) ?? [];

interface Limited {
  parts: Part[];
  reason: FinishReason;
  stopSequence?: string;
}

const limited = (content: readonly Part[], { stop, maxOutputTokens }: ChatRequest): Limited => {
  const parts: Part[] = [];
  let left = maxOutputTokens ?? Infinity;
  for (const part of content) {
    if (part.type === 'tool-call') {
      parts.push(part);
      continue;
    }
    if (part.type !== 'text' && part.type !== 'thinking') continue;
    const stopped = part.type === 'text' ? stopAt(part.text, stop) : undefined;
    const full = stopped ? part.text.slice(0, stopped.at) : part.text;
    const pieces = piecesOf(full);
    parts.push({ ...part, text: pieces.length > left ? pieces.slice(0, left).join('') : full });
    if (pieces.length > left) return { parts, reason: 'length' };
    left -= pieces.length;
    if (stopped) return { parts, reason: 'stop-sequence', stopSequence: stopped.sequence };
  }
  return { parts, reason: parts.some(({ type }) => type === 'tool-call') ? 'tool-calls' : 'stop' };
};

const stopAt = (value: string, stop: readonly string[] = []): { at: number; sequence: string } | undefined => {
  let first: { at: number; sequence: string } | undefined;
  for (const sequence of stop) {
    const at = sequence === '' ? -1 : value.indexOf(sequence);
    if (at !== -1 && (!first || at < first.at)) first = { at, sequence };
  }
  return first;
};

const usageOf = ({ messages, tools }: ChatRequest, parts: readonly Part[], candidates: number): Usage => {
  const count = (type: Part['type']) =>
    parts.reduce((sum, part) => sum + (part.type === type && 'text' in part ? piecesOf(part.text ?? '').length : 0), 0);
  const called = parts.reduce((sum, part) => sum + (part.type === 'tool-call' ? estimateTokens(part.name + part.arguments) : 0), 0);
  const reasoning = count('thinking');
  const input = messages.reduce((sum, { content }) => sum + 4 + estimateTokens(content.map(textOf).join('')), 0);
  return {
    inputTokens: input + (tools ? estimateTokens(JSON.stringify(tools)) : 0),
    outputTokens: (count('text') + called) * candidates,
    ...(reasoning > 0 && { reasoningTokens: reasoning * candidates }),
  };
};

/** FNV-1a: enough to make ids that follow the request. */
export const hash = (value: string): string => {
  let state = 0x811c9dc5;
  for (let at = 0; at < value.length; at++) state = Math.imul(state ^ value.charCodeAt(at), 0x01000193);
  return (state >>> 0).toString(16).padStart(8, '0');
};

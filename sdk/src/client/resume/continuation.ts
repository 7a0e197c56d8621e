import { estimateTokens } from '../../lib/estimate-tokens.ts';
import { anthropicMessages, openaiCompletions, upstreamProtocolOf } from '../../protocols/index.ts';
import { chooseSpeaks } from '../../providers/index.ts';
import type { ChatProtocol, ChatRequest, Message, Part, Target } from '../../types/index.ts';
import type { ChatCall } from '../call.ts';

/** OpenAI refuses a limit below 16 in Responses ("Expected a value >= 16"); elsewhere a few tokens more do no harm. */
const minOutputTokens = 16;

const wordsToGoOn =
  'Your last message was cut off by a technical failure. Continue it from the exact character where it stops, even in the middle ' +
  'of a word or sentence. Begin with the next character of it (a space, if one comes next). Repeat nothing, explain nothing, and ' +
  'do not mention the interruption.';

/** How a call is made that goes on with an answer. */
export interface Continued {
  call: ChatCall;
  /** White space at the end of the text that the model is not shown. */
  unseen: string;
}

/**
 * The call that goes on with an answer which broke off behind `text`; with no text, the same call again.
 * Where the model is known to go on from an assistant's message at the end, that is all; elsewhere a user asks it to.
 */
export const continuationOf = (call: ChatCall, target: Target, text: string): Continued => {
  if (text === '') return { call: { ...call, target }, unseen: '' };
  const how = wayOf(call, target);
  const shown = how === 'prefill' ? text.trimEnd() : text;
  const format: ChatProtocol = {
    ...call.format,
    request: {
      ...call.format.request,
      // What goes out is not what the client sent, also where the provider speaks its format.
      mustRewrite: () => true,
      fromWire: (body, path) => goOn(call.format.request.fromWire(body, path), shown, how, target),
    },
  };
  const { text: _text, ...rest } = call;
  return { call: { ...rest, format, target }, unseen: text.slice(shown.length) };
};

type Way = 'prompt' | 'prefill' | 'ask';

const wayOf = ({ format }: ChatCall, target: Target): Way => {
  const { provider, model } = target;
  const { protocol } = chooseSpeaks(provider, model, format.id, target.prefer).speaks;
  if (protocol === openaiCompletions.id) return 'prompt';
  if (provider.quirks?.strictMessages) return 'prefill';
  const traits = { ...provider.traits?.(model), ...target.traits };
  // Behind another format than its own, what stands in front of the model may want a user to speak last.
  return traits.prefill && upstreamProtocolOf(protocol).origin === anthropicMessages.origin ? 'prefill' : 'ask';
};

const goOn = (request: ChatRequest, text: string, way: Way, target: Target): ChatRequest => {
  const { maxOutputTokens: limit } = request;
  return {
    ...request,
    messages: messagesOf(request, text, way, target),
    ...(limit !== undefined && { maxOutputTokens: Math.max(minOutputTokens, limit - estimateTokens(text)) }),
    // It is half of an answer: nobody will ask for it by its id.
    ...(request.store !== undefined && { store: false }),
  };
};

const messagesOf = ({ messages, reasoning }: ChatRequest, text: string, way: Way, { provider, model, traits }: Target): Message[] => {
  const last = messages.at(-1);
  // A prompt of the old kind is gone on with by nature.
  if (way === 'prompt' && last && messages.length === 1) return [{ ...last, content: joined(last.content, text) }];
  // The client had begun the answer itself.
  const own = last?.role === 'assistant' ? last : undefined;
  const answer: Message = own ? { ...own, content: joined(own.content, text) } : { role: 'assistant', content: [{ type: 'text', text }] };
  const before = own ? messages.slice(0, -1) : messages;
  const thinks = reasoning !== undefined && reasoning.mode !== 'disabled' && reasoning.effort !== 'none';
  const mayThink = thinks || ({ ...provider.traits?.(model), ...traits }.thinkingDefault ?? 'off') !== 'off';
  // "Prefilling is not supported with extended thinking" (platform.claude.com/docs/en/build-with-claude/extended-thinking, read 2026-11-22).
  if (way === 'prefill' && !mayThink) return [...before, answer];
  return [...before, answer, { role: 'user', content: [{ type: 'text', text: wordsToGoOn }] }];
};

/** The text behind the last one of the content, as one text. */
const joined = (content: readonly Part[], text: string): Part[] => {
  const last = content.at(-1);
  return last?.type === 'text' ? [...content.slice(0, -1), { ...last, text: last.text + text }] : [...content, { type: 'text', text }];
};

import { SluiceError, type ChatRequest, type Message, type Part, type ProtocolExtra } from '../types/index.ts';
import type { ChatCall } from './call.ts';

/*
 * Whose a signature or an encrypted thought is, a request mostly does not say. Vendors do, by refusing it: another account,
 * region or vendor made it. The conversation goes on without them then (FP-16), and loses nothing that can be read.
 */

/** In the vendors' words (seen in the issues that stand behind each, read 2026-11-22). */
const refusals: readonly RegExp[] = [
  // Claude, on every platform: anthropics/claude-code issue 10627, linanwx/nagobot issue 21.
  /invalid [`'"]?(?:signature|data)[`'"]? in [`'"]?(?:redacted_)?thinking[`'"]? block/i,
  /thinking\.signature: field required/i,
  // OpenAI and Azure: openai/codex issue 9045, manaflow-ai/subrouter pull request 221, Kilo-Org/kilo pull request 110.
  /encrypted content\b.{0,400}?\b(?:could not be (?:verified|decrypted)|did not match the target organization)/is,
  // Gemini, also between Google's two APIs: alphaXiv/agents pull request 61, RooCodeInc/Roo-Code issue 11716, decolua/9router issue 301.
  /(?:invalid|corrupted) thought signature|thought[ _]signature is not valid/i,
];

/** Whether a call was refused for thoughts in its history that the vendor cannot read. */
export const refusesThoughts = (error: unknown): boolean =>
  SluiceError.is(error) &&
  error.upstream !== undefined &&
  error.status === 400 &&
  (error.upstream.code === 'invalid_encrypted_content' || refusals.some((pattern) => pattern.test(error.message)));

/** What is told of it, in the header and the log. */
export const refusedThoughts = { what: 'thinking', why: 'the provider refused it: another account or vendor made it' } as const;

/** The call without what only the maker of a thought can read. The request is written anew, also in the provider's own format. */
export const withoutSignatures = (call: ChatCall): ChatCall => {
  const { request } = call.format;
  const { text: _text, ...rest } = call;
  return {
    ...rest,
    format: {
      ...call.format,
      request: { ...request, mustRewrite: () => true, fromWire: (body, path) => unsigned(request.fromWire(body, path)) },
    },
  };
};

const unsigned = (request: ChatRequest): ChatRequest => ({ ...request, messages: request.messages.map(unsignedMessage) });

const unsignedMessage = (message: Message): Message =>
  message.role === 'assistant' ? { ...message, content: message.content.flatMap(unsignedPart) } : message;

const unsignedPart = (part: Part): Part[] => {
  if (part.type === 'thinking') {
    const { signature: _signature, redacted: _redacted, id: _id, extra, ...rest } = part;
    const kept = part.signature || part.redacted ? undefined : extra;
    return part.text === '' ? [] : [{ ...rest, ...(kept && { extra: kept satisfies ProtocolExtra }) }];
  }
  if ('signature' in part && part.signature) {
    const { signature: _signature, ...rest } = part;
    return [rest];
  }
  return [part];
};

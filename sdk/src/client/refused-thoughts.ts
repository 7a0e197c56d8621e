import { shortHash } from '../lib/short-hash.ts';
import { SluiceError, type ChatRequest, type Message, type Part, type Signature, type Target } from '../types/index.ts';
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

/** More refused values than this are not remembered of one target; the oldest go first. */
const maxRemembered = 2000;

/** Hashes of what was refused, so that the next turn of the conversation is not refused for the same. */
const remembered = new WeakMap<Target, Set<string>>();

/** Whether a value is to be taken out. */
type Chosen = (value: string) => boolean;

/**
 * The call without any thought that only its maker can read, all of which are remembered: the vendor does not say which it
 * means. Undefined: there are none that are known.
 */
export const withoutSignatures = (call: ChatCall): ChatCall | undefined => {
  const values = valuesIn(call);
  if (values.length === 0) return undefined;
  let refused = remembered.get(call.target);
  if (!refused) remembered.set(call.target, (refused = new Set()));
  for (const value of values) {
    refused.add(shortHash(value));
    if (refused.size > maxRemembered) refused.delete(refused.values().next().value!);
  }
  return without(call, () => true);
};

/** The call without what this target has refused before; the same one, where it holds nothing of that. */
export const withoutRefused = (call: ChatCall): ChatCall => {
  const refused = remembered.get(call.target);
  if (!refused) return call;
  const chosen: Chosen = (value) => refused.has(shortHash(value));
  return valuesIn(call).some(chosen) ? without(call, chosen) : call;
};

/** The request is written anew, also in the provider's own format. */
const without = (call: ChatCall, chosen: Chosen): ChatCall => {
  const { request } = call.format;
  const { text: _text, ...rest } = call;
  return {
    ...rest,
    format: {
      ...call.format,
      request: { ...request, mustRewrite: () => true, fromWire: (body, path) => unsigned(request.fromWire(body, path), chosen) },
    },
  };
};

/** What only the maker of a part can read of it. */
const valueOf = (part: Part): string | undefined => {
  if (part.type === 'thinking') return part.signature?.value ?? part.redacted?.value;
  return 'signature' in part ? part.signature?.value : undefined;
};

const valuesIn = ({ format, body, path }: ChatCall): string[] => {
  let messages: readonly Message[] = [];
  try {
    ({ messages } = format.request.fromWire(body, path));
  } catch (cause) {
    // What cannot be read goes on as it is, and its provider says what is wrong with it.
    if (!SluiceError.is(cause)) throw cause;
  }
  return messages.flatMap(({ role, content }) => (role === 'assistant' ? content.flatMap((part) => valueOf(part) ?? []) : []));
};

const unsigned = (request: ChatRequest, chosen: Chosen): ChatRequest => ({
  ...request,
  messages: request.messages.map((message) =>
    message.role === 'assistant' ? { ...message, content: message.content.flatMap((part) => unsignedPart(part, chosen)) } : message,
  ),
});

const unsignedPart = (part: Part, chosen: Chosen): Part[] => {
  const value = valueOf(part);
  if (value === undefined || !chosen(value)) return [part];
  if (part.type === 'thinking') {
    const { signature: _signature, redacted: _redacted, id: _id, extra: _extra, ...rest } = part;
    return part.text === '' ? [] : [rest];
  }
  const { signature: _signature, ...rest } = part as Part & { signature?: Signature };
  return [rest as Part];
};

import { estimateTokens } from '../lib/estimate-tokens.ts';
import { upstreamProtocolOf } from '../protocols/index.ts';
import { SluiceError, type ChatRequest, type Dropped, type JsonObject, type Part, type Target } from '../types/index.ts';
import { mocked, withhold, withholdBetas } from '../providers/index.ts';
import type { CallContext, CallFacts, ChatCall } from './call.ts';
import { addOwnHeaders } from './headers.ts';
import { lacksEndpoint } from './other-endpoint.ts';
import { dialectOf, toWireContext } from './prepare.ts';
import { sendJson, type JsonAnswer } from './send-json.ts';

export interface TokenCount {
  inputTokens: number;
  /** The provider has no call for it, so it was estimated from the text's length (FP-73). */
  estimated: boolean;
  /** Absent for an estimate. */
  facts?: CallFacts;
  /** The answer in the client's format. */
  json: JsonObject;
}

/** Targets at an address of the user's own that were seen to have no call for counting. */
const cannotCount = new WeakSet<Target>();

/** Counts a request's input tokens with the provider's own call, or estimates. @throws SluiceError */
export const countTokens = async (asked: Omit<ChatCall, 'stream'>, context: CallContext): Promise<TokenCount> => {
  const target = mocked(asked.target);
  const call = { ...asked, target };
  const { format } = call;
  const respond = format.countTokens?.respond;
  if (!respond) throw new SluiceError('invalid_request', 'This format has no way to count tokens.');

  const request = format.request.fromWire(call.body, call.path);
  const estimate = (): TokenCount => {
    const inputTokens = estimateRequest(request);
    return { inputTokens, estimated: true, json: respond(inputTokens) };
  };
  const speaks = target.provider.speaks['count-tokens'];
  const protocol = speaks && upstreamProtocolOf(speaks.protocol);
  if (!speaks || !protocol?.countTokens || cannotCount.has(target)) return estimate();

  const dropped: Dropped[] = [];
  // Counting must not fail over a parameter that does not count.
  const wire =
    protocol.id === format.id
      ? { ...call.body, model: target.model }
      : protocol.request.toWire(request, toWireContext(call, true, dropped)).body;
  const own: Record<string, string> = {};
  if (protocol.id === format.id && call.headers) addOwnHeaders(own, call.headers, protocol);
  const { takes } = speaks;
  if (takes) withholdBetas(own, takes, { drop: noteIn(dropped) });
  const kept = takes
    ? withhold(wire, takes, { drop: noteIn(dropped), lacks: (name) => noteIn(dropped)(name, 'it cannot be counted') })
    : wire;
  const members = dialectOf(speaks, target, false, own, kept);
  const body = JSON.stringify({
    ...protocol.countTokens.toWire(kept, { model: target.model, quirks: target.provider.quirks ?? {} }),
    ...members,
  });
  let answer: JsonAnswer;
  let inputTokens: number;
  try {
    answer = await sendJson({ target, speaks, body, errors: protocol.errors, dropped, headers: own }, context);
    inputTokens = protocol.countTokens.fromWire(answer.json);
  } catch (error) {
    if (!lacksEndpoint(target, error) && !answersAnything(target, error)) throw error;
    cannotCount.add(target);
    return estimate();
  }
  const { json, facts } = answer;
  return { inputTokens, estimated: false, facts, json: protocol.id === format.id ? json : respond(inputTokens) };
};

const noteIn =
  (dropped: Dropped[]) =>
  (what: string, why: string): void =>
    void dropped.push({ what, why });

/** Small servers answer whatever path they are asked on, with something else. */
const answersAnything = ({ baseUrl }: Target, error: unknown): boolean =>
  baseUrl !== undefined && SluiceError.is(error) && error.code === 'invalid_response';

/** Rough sizes of what is not text: as OpenAI and Anthropic document for an ordinary image, and for a page of a document. */
const mediaTokens = 1500;
const perMessage = 4;

const estimateRequest = ({ messages, tools }: ChatRequest): number =>
  messages.reduce((sum, { content }) => sum + perMessage + content.reduce((inner, part) => inner + estimatePart(part), 0), 0) +
  (tools ? estimateTokens(JSON.stringify(tools)) : 0);

const estimatePart = (part: Part): number => {
  switch (part.type) {
    case 'text':
    case 'refusal':
    case 'thinking':
      return estimateTokens(part.text);
    case 'tool-call':
      return estimateTokens(part.name + part.arguments);
    case 'tool-result':
      return part.content.reduce((sum, each) => sum + estimatePart(each), 0);
    case 'file':
      return part.source.kind === 'text' ? estimateTokens(part.source.text) : mediaTokens;
    case 'image':
    case 'audio':
    case 'video':
      return mediaTokens;
    case 'opaque':
      return estimateTokens(JSON.stringify(part.value));
  }
};

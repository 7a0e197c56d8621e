import { spliceTopLevel } from '../lib/splice.ts';
import { embeddingProtocolOf, errorsOf } from '../protocols/index.ts';
import {
  SluiceError,
  totalInputTokens,
  type Dropped,
  type EmbeddingProtocol,
  type EmbeddingRequest,
  type EmbeddingResult,
  type JsonObject,
  type PathFacts,
  type Target,
  type Usage,
} from '../types/index.ts';
import type { CallContext, CallFacts, WholeAnswer } from './call.ts';
import { chooseEndpoint, mocked } from '../providers/index.ts';
import { fanOut } from './fan-out.ts';
import { textsOfTokens, type TextsOfTokens } from './info/texts-of-tokens.ts';
import { dialectOf, toWireContext } from './prepare.ts';
import { sendJson } from './send-json.ts';
import { withTexts } from './token-input.ts';

/** One embeddings call, in the client's own format, to one target. */
export interface EmbeddingCall {
  format: EmbeddingProtocol;
  body: JsonObject;
  text?: string;
  /** What the path says, for formats whose model stands there. */
  path?: PathFacts;
  target: Target;
  /** For vendors that take texts alone. Absent: by the package `gpt-tokenizer`, where it is installed. */
  textsOf?: TextsOfTokens;
}

/** Makes one embeddings call. Same format: passed through. More inputs than the vendor takes at once: several requests, a few at a time. @throws SluiceError */
export const embed = async (call: EmbeddingCall, context: CallContext): Promise<WholeAnswer> => {
  const { format, path } = call;
  const target = mocked(call.target);
  const speaks = chooseEndpoint(target.provider, 'embeddings');
  if (!speaks) {
    const where = { param: 'model', provider: target.provider.id, model: target.model };
    throw new SluiceError('invalid_request', `${target.provider.label} does not offer embeddings.`, where);
  }
  const protocol = embeddingProtocolOf(speaks.protocol);
  const decoded = await withTexts({ textsOf: textsOfTokens, ...call, target }, protocol);
  const { body, text } = decoded ? { body: decoded } : call;
  const errors = errorsOf(speaks.errors ?? protocol.id);
  const { mayBeList } = protocol.response;
  const dropped: Dropped[] = [];
  const missing = Object.fromEntries(Object.entries(target.defaults ?? {}).filter(([name]) => body[name] === undefined));
  // Google's bodies name the model in each of their parts, and are of one call or the other: they are made anew.
  if (protocol.id === format.id && path?.model === undefined && !isSpelledOtherwise(body, target)) {
    const made = spliceTopLevel(text ?? JSON.stringify(body), asMembers({ model: target.model, ...missing, ...target.extraBody }));
    const { json, bytes, facts } = await sendJson({ target, speaks, body: made, errors, dropped }, context);
    const result = protocol.response.fromWire(json);
    const { usage } = result;
    const told = { ...facts, same: true, ...(usage && { usage }) };
    if (!isUnasked(body, result)) return { kind: 'whole', facts: told, body: bytes, json: () => json };
    const wire = format.response.toWire(result, { model: target.model, encodingFormat: 'base64' });
    return { kind: 'whole', facts: told, body: JSON.stringify(wire), json: () => wire };
  }

  const wireContext = toWireContext({ format, target, body }, context.dropParams, dropped);
  const request = format.request.fromWire({ ...missing, ...body }, path);
  const batches = batchesOf(request, protocol.maxInputs?.(target.model));
  const answers = await fanOut(batches, parallelCalls, context.signal, async (part, signal) => {
    // What a translation leaves out is said once.
    dropped.length = 0;
    const written = protocol.request.toWire(part, wireContext);
    const made = JSON.stringify({ ...written, ...dialectOf(speaks, target, false, {}, written), ...target.extraBody });
    const answer = await sendJson({ target, speaks, body: made, errors, dropped, mayBeList }, { ...context, ...(signal && { signal }) });
    const result = protocol.response.fromWire(answer.json, answer.facts.headers);
    checkCount(result, part);
    return { result, facts: answer.facts };
  });
  const facts = wholeOf(answers.map((answer) => answer.facts));
  const result = joined(answers.map((answer) => answer.result));
  if (result.usage) facts.usage = result.usage;
  const name = typeof body['model'] === 'string' ? body['model'] : target.model;
  const wire = format.response.toWire(result, { model: name, encodingFormat: request.encodingFormat ?? 'float' });
  return { kind: 'whole', facts, body: JSON.stringify(wire), json: () => wire };
};

/** Servers that know no base64 send numbers, which OpenAI's own SDK for JavaScript then reads as if they were base64. */
const isUnasked = (body: JsonObject, { embeddings }: EmbeddingResult): boolean =>
  body['encoding_format'] === 'base64' && embeddings.some((each) => typeof each !== 'string');

/** Whether something in the request has another name at the vendor, or none. */
const isSpelledOtherwise = (body: JsonObject, { provider }: Target): boolean => {
  const { rename = {}, lacks = [] } = provider.quirks ?? {};
  return [...Object.keys(rename), ...lacks].some((name) => body[name] !== undefined && body[name] !== null);
};

/** Enough to hide the way there and back, and few enough for the smallest quota. */
const parallelCalls = 8;

/** The facts of several requests as of one: from the first that was sent to the last that ended. */
const wholeOf = (all: readonly CallFacts[]): CallFacts => {
  const first = all[0]!;
  if (all.length === 1) return first;
  const endedAt = Math.max(...all.map((facts) => facts.endedAt ?? facts.headersAt));
  return { ...first, sentAt: Math.min(...all.map(({ sentAt }) => sentAt)), firstOutputAt: endedAt, endedAt };
};

/** The request in pieces of at most so many inputs; at least one, so that the vendor says what it thinks of none. */
const batchesOf = (request: EmbeddingRequest, most = Infinity): EmbeddingRequest[] => {
  const { input } = request;
  if (input.length <= most) return [request];
  const batches: EmbeddingRequest[] = [];
  for (let at = 0; at < input.length; at += most) batches.push({ ...request, input: input.slice(at, at + most) });
  return batches;
};

/** Vectors belong to their inputs by their places alone: with one too few, all after it would be of another text. */
const checkCount = ({ embeddings }: EmbeddingResult, { input }: EmbeddingRequest): void => {
  if (embeddings.length === input.length) return;
  const counts = `${embeddings.length} embedding${embeddings.length === 1 ? '' : 's'} for ${input.length} input${input.length === 1 ? '' : 's'}`;
  throw new SluiceError('invalid_response', `The provider answered with ${counts}.`);
};

const joined = (results: readonly EmbeddingResult[]): EmbeddingResult => {
  const [first, ...more] = results;
  if (more.length === 0) return first!;
  const counted = results.flatMap(({ usage }) => (usage ? [usage] : []));
  const usage: Usage = { inputTokens: counted.reduce((sum, each) => sum + totalInputTokens(each), 0), outputTokens: 0 };
  return { model: first!.model, embeddings: results.flatMap(({ embeddings }) => embeddings), ...(counted.length > 0 && { usage }) };
};

const asMembers = (values: JsonObject): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, JSON.stringify(value)]));

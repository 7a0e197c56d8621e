import { encryptedIdsOf } from '../protocols/openai-responses/encrypted-items.ts';
import { createCollector } from '../protocols/shared/collect.ts';
import { failEarly, refuseFailed } from '../protocols/shared/failed-answer.ts';
import { tokensOf } from '../protocols/shared/tokens-of-result.ts';
import { isObject } from '../protocols/shared/read.ts';
import { SluiceError, type ChatResult, type FromResultContext, type JsonObject, type TransportResponse } from '../types/index.ts';
import type { CallClock } from '../transport/deadline.ts';
import type { CallFacts, ChatCall, WholeAnswer } from './call.ts';
import { parserOf } from './framing.ts';
import { asAnswered, mayDiffer } from './other-endpoint.ts';
import type { Prepared } from './prepare.ts';

/** What is at hand once the upstream's headers are there. */
export interface AnswerParts {
  call: ChatCall;
  prepared: Prepared;
  response: TransportResponse;
  facts: CallFacts;
  clock: CallClock;
  writing: FromResultContext;
  now: () => number;
  maxAnswerBytes: number;
}

const decoder = new TextDecoder('utf-8', { fatal: true });
const lenient = new TextDecoder();

/** The answer that a whole body is: untouched if it is in the client's format, else translated. @throws SluiceError */
export const wholeAnswer = ({ call, prepared, response, facts, writing }: AnswerParts, bytes: Uint8Array): WholeAnswer => {
  if (isStream(response.headers) || beginsAsEvents(bytes)) {
    // Some servers stream whatever is asked of them.
    const result = collectStream(bytes, prepared);
    if (result.usage) facts.usage = result.usage;
    else facts.uncountedTokens = () => tokensOf(result);
    return translated(call.format.response.toWire(result, writing), facts);
  }

  const json = parseAnswer(bytes, response, prepared.protocol.response.mayBeList);
  const { protocol, same, hints } = mayDiffer(call.target) ? asAnswered(prepared, call.format.id, json) : prepared;
  // Reading it throws the vendor's own error, which a 200 must not hide from retries and from the client's status.
  if (same && (isBareError(json) || isEmpty(json))) protocol.response.fromWire(json, hints);
  facts.same = same;
  if (same) {
    const usage = call.format.response.usage(json, response.headers);
    if (usage) facts.usage = usage;
    else facts.uncountedTokens = () => tokensIn(() => protocol.response.fromWire(json, hints));
    if (json['object'] === 'response' && typeof json['id'] === 'string') {
      facts.answerId = json['id'];
      const encrypted = encryptedIdsOf(json['output']);
      if (encrypted) facts.encryptedIds = encrypted;
    }
    return { kind: 'whole', facts, body: bytes, json: () => json };
  }
  const result = refuseFailed(protocol.response.fromWire(json, hints, response.headers));
  if (result.usage) facts.usage = result.usage;
  else facts.uncountedTokens = () => tokensOf(result);
  return translated(call.format.response.toWire(result, writing), facts);
};

/** Of an answer that was not read, since it goes on as it came. What cannot be read says nothing. */
const tokensIn = (read: () => ChatResult): number => {
  try {
    return tokensOf(read());
  } catch {
    return 0;
  }
};

const translated = (json: JsonObject, facts: CallFacts): WholeAnswer => ({
  kind: 'whole',
  facts,
  body: JSON.stringify(json),
  json: () => json,
});

const answerMembers = ['choices', 'output', 'content', 'candidates', 'message', 'object'];

/** Some vendors answer 200 with an error and nothing else. */
const isBareError = (json: JsonObject): boolean =>
  json['error'] !== undefined && json['error'] !== null && !answerMembers.some((name) => json[name] !== undefined);

/** Or with a list of answers that holds none, which only clients of OpenAI's formats get, and none can read. */
const isEmpty = ({ choices }: JsonObject): boolean => Array.isArray(choices) && choices.length === 0;

export const isStream = (headers: Headers): boolean => /event-?stream|ndjson/.test(headers.get('content-type') ?? '');

const openBrace = 123;

/** Whether a body is a stream of events though its content type says otherwise, as of servers that call everything JSON. */
export const beginsAsEvents = (bytes: Uint8Array): boolean =>
  bytes[0] !== openBrace && /^\s*(?:data|event):/.test(lenient.decode(bytes.subarray(0, 16)));

/**
 * @param mayBeList lists are answers too, and become `{ list: [...] }`
 * @throws SluiceError `invalid_response` that says what came instead
 */
export const parseAnswer = (bytes: Uint8Array, { headers, status }: TransportResponse, mayBeList = false): JsonObject => {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch (cause) {
    throw new SluiceError('invalid_response', 'The provider answered with bytes that are not UTF-8.', { cause });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const type = headers.get('content-type') ?? 'no content type';
    throw new SluiceError(
      'invalid_response',
      `The provider answered ${status} with something that is not JSON (${type}, ${bytes.length} bytes).`,
      { cause },
    );
  }
  if (mayBeList && Array.isArray(value)) return { list: value };
  if (!isObject(value)) throw new SluiceError('invalid_response', `The provider answered ${status} with JSON that is not an object.`);
  return value;
};

/** @throws SluiceError */
const collectStream = (bytes: Uint8Array, { protocol, framing, hints }: Prepared): ChatResult => {
  const collector = createCollector();
  const events = protocol.stream.decoder(hints);
  const emit = failEarly(collector.push);
  const parser = parserOf(framing, (event) => events.push(event, emit));
  parser.push(bytes);
  parser.close();
  events.close(emit);
  return collector.result();
};

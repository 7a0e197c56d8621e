import { isDeepStrictEqual } from 'node:util';
import { bodyDifferences } from '../kit/compare.ts';
import { byProvider, sideRecordings, type SideRecording } from '../kit/groups.ts';
import { parseJson } from '../kit/read/events.ts';
import { list, num, obj, str, type Obj } from '../kit/read/reading.ts';
import { nameOf, requestBody, responseText } from '../kit/recordings.ts';
import type { ReplayOutcome, Sluice } from '../kit/sluice.ts';
import type { SideFormat } from '../kit/wire-formats.ts';
import { replaySuite } from './suite.ts';

type Check = (side: SideRecording, sluice: Sluice) => Promise<string[]>;

const call = (sluice: Sluice, { recording }: SideRecording, client: SideFormat, body: Obj, named: boolean): Promise<ReplayOutcome> =>
  sluice.call({ recording, client, stream: false, request: (model) => (named ? { ...body, model } : body) });

const jsonOf = ({ answer }: ReplayOutcome): Obj => obj(parseJson(new TextDecoder().decode(answer.bytes)));

/** In the provider's own format: the request JSON-equal, the answer byte-equal. */
const untouched: Check = async (side, sluice) => {
  const body = requestBody(side.recording)!;
  const outcome = await call(sluice, side, side.place.format, body, 'model' in body);
  const found = bodyDifferences(obj(parseJson(outcome.received?.text ?? '')), body);
  if (!Buffer.from(outcome.answer.bytes).equals(side.recording.responseBytes)) found.push('answer: other bytes');
  return found;
};

/** The texts of a vendor's request; undefined where there is more to it than texts. */
const textsOf: Partial<Record<SideFormat, (body: Obj) => string[] | undefined>> = {
  'gemini-embeddings': ({ requests }) =>
    list(requests).map((request) =>
      list(obj(request['content'])['parts'])
        .map(({ text }) => str(text))
        .join(''),
    ),
  'bedrock-embeddings': ({ inputText, texts }) => (inputText === undefined ? (texts as string[]) : [str(inputText)]),
  'cohere-embeddings': ({ texts }) => texts as string[] | undefined,
  'vertex-embeddings': ({ instances }) => list(instances).map(({ content }) => str(content)),
  'vendor-embeddings': ({ input }) => input as string[],
};

const vectorsOf: Partial<Record<SideFormat, (body: Obj) => unknown[]>> = {
  'gemini-embeddings': ({ embeddings }) => list(embeddings).map(({ values }) => values),
  'bedrock-embeddings': ({ embedding, embeddings }) => (embedding === undefined ? floatsOf(embeddings) : [embedding]),
  'cohere-embeddings': ({ embeddings }) => floatsOf(embeddings),
  'vertex-embeddings': ({ predictions }) => list(predictions).map(({ embeddings }) => obj(embeddings)['values']),
  'vendor-embeddings': ({ data }) => list(data).map(({ embedding }) => (typeof embedding === 'string' ? numbersOf(embedding) : embedding)),
};

/** Little-endian float32 in base64. */
const numbersOf = (base64: string): number[] => [...new Float32Array(new Uint8Array(Buffer.from(base64, 'base64')).buffer)];

/** By type, or, as of old, without a word on it. */
const floatsOf = (embeddings: unknown): unknown[] =>
  (Array.isArray(embeddings) ? embeddings : (obj(embeddings)['float'] as unknown[] | undefined)) ?? [];

/** An OpenAI client gets another vendor's vectors. */
const translated: Check = async (side, sluice) => {
  const { format } = side.place;
  const input = textsOf[format]!(requestBody(side.recording)!);
  const said = vectorsOf[format]!(obj(parseJson(responseText(side.recording))));
  const outcome = await call(sluice, side, 'openai-embeddings', { input }, true);
  const told = list(jsonOf(outcome)['data']).map(({ embedding }) => embedding);
  return isDeepStrictEqual(said, told) ? [] : [`${told.length} vectors for ${said.length}, or others: ${outcome.answer.status}`];
};

/** A client of Cohere's gets another vendor's ranks, as many as it asked for. */
const ranked: Check = async (side, sluice) => {
  const { query, documents, top_k, top_n } = requestBody(side.recording)!;
  const answer = obj(parseJson(responseText(side.recording)));
  const ranks = (results: unknown) => list(results).map(({ index, relevance_score }) => [index, relevance_score]);
  const outcome = await call(sluice, side, 'cohere-rerank', { query, documents, top_n: top_n ?? top_k }, true);
  const [said, told] = [ranks(answer['results'] ?? answer['data']), ranks(jsonOf(outcome)['results'])];
  return isDeepStrictEqual(said, told) ? [] : [`${told.length} ranks for ${said.length}, or others: ${outcome.answer.status}`];
};

const countOf = (body: Obj): number | undefined => num(body['input_tokens']) ?? num(body['totalTokens']) ?? num(body['inputTokens']);
const message = 'Please answer.';
type Counter = 'anthropic-count' | 'bedrock-count' | 'gemini-count';
const question: Readonly<Record<Counter, Obj>> = {
  'anthropic-count': { messages: [{ role: 'user', content: message }] },
  'bedrock-count': { input: { converse: { messages: [{ role: 'user', content: [{ text: message }] }] } } },
  'gemini-count': { contents: [{ role: 'user', parts: [{ text: message }] }] },
};
const counted =
  (client: Counter): Check =>
  async (side, sluice) => {
    const body = side.place.format === client ? requestBody(side.recording)! : question[client];
    const told = countOf(jsonOf(await call(sluice, side, client, body, client === 'anthropic-count')));
    const said = countOf(obj(parseJson(responseText(side.recording))));
    return told === said ? [] : [`${told} tokens for ${said}`];
  };

const checks: Readonly<Record<SideFormat, Record<string, Check>>> = {
  'openai-embeddings': { 'openai-embeddings': untouched },
  'gemini-embeddings': { 'openai-embeddings': translated },
  'bedrock-embeddings': { 'openai-embeddings': translated },
  'cohere-embeddings': { 'openai-embeddings': translated, 'cohere-embeddings': untouched },
  'vertex-embeddings': { 'openai-embeddings': translated },
  'cohere-rerank': { 'cohere-rerank': untouched },
  'vendor-embeddings': { 'openai-embeddings': translated },
  'jina-rerank': { 'cohere-rerank': ranked },
  'anthropic-count': { 'anthropic-count': counted('anthropic-count'), 'gemini-count': counted('gemini-count') },
  'bedrock-count': {
    'anthropic-count': counted('anthropic-count'),
    'bedrock-count': counted('bedrock-count'),
    'gemini-count': counted('gemini-count'),
  },
  'gemini-count': { 'anthropic-count': counted('anthropic-count'), 'gemini-count': counted('gemini-count') },
};

// Calls beside chat: embeddings, and counts of tokens.
replaySuite({
  use: 'side-calls',
  gatewayOnly: true,
  cases: (sluice) => {
    const answered = sideRecordings().filter(({ recording }) => recording.status < 300 && requestBody(recording));
    return new Map(
      [...byProvider(answered)].map(([provider, sides]) => [
        provider,
        sides.flatMap((side) =>
          Object.entries(checks[side.place.format]).map(([format, check]) => ({
            provider,
            format,
            name: nameOf(side.recording),
            check: () => check(side, sluice()),
          })),
        ),
      ]),
    );
  },
});

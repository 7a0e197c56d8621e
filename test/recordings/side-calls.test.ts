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

/** An OpenAI client gets Google's vectors. */
const translated: Check = async (side, sluice) => {
  const requests = list(requestBody(side.recording)!['requests']);
  const parts = requests.map((request) => list(obj(request['content'])['parts']));
  // Only texts have a form in OpenAI's format.
  const input = parts.map((each) => each.map((part) => str(part['text'])).join(''));
  const said = list(obj(parseJson(responseText(side.recording)))['embeddings']).map(({ values }) => values);
  const told = list(jsonOf(await call(sluice, side, 'openai-embeddings', { input }, true))['data']).map(({ embedding }) => embedding);
  return isDeepStrictEqual(said, told) ? [] : [`${told.length} vectors for ${said.length}, or others`];
};

const countOf = (body: Obj): number | undefined => num(body['input_tokens']) ?? num(body['totalTokens']);
const message = 'Please answer.';
const counted =
  (client: 'anthropic-count' | 'gemini-count'): Check =>
  async (side, sluice) => {
    const own = side.place.format === client ? requestBody(side.recording)! : undefined;
    const foreign =
      client === 'gemini-count'
        ? { contents: [{ role: 'user', parts: [{ text: message }] }] }
        : { messages: [{ role: 'user', content: message }] };
    const told = countOf(jsonOf(await call(sluice, side, client, own ?? foreign, client === 'anthropic-count')));
    const said = countOf(obj(parseJson(responseText(side.recording))));
    return told === said ? [] : [`${told} tokens for ${said}`];
  };

const checks: Readonly<Record<SideFormat, Record<string, Check>>> = {
  'openai-embeddings': { 'openai-embeddings': untouched },
  'gemini-embeddings': { 'openai-embeddings': translated },
  'anthropic-count': { 'anthropic-count': counted('anthropic-count'), 'gemini-count': counted('gemini-count') },
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

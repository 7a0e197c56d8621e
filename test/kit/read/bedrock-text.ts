import { bedrockConverse } from './bedrock-converse.ts';
import { parseJson, readEvents } from './events.ts';
import { choiceAt, list, newReading, num, obj, str, usageOf, type FinishClass, type Obj, type Reader, type Reading } from './reading.ts';

/*
 * What models on Bedrock answer in formats of their own (docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html,
 * read 2026-11-22). An event says the same as a whole answer, but for Cohere's.
 */

const finishes: Record<string, FinishClass> = {
  finish: 'stop',
  endoftext: 'stop',
  stop: 'stop',
  stop_sequence: 'stop',
  complete: 'stop',
  length: 'length',
  max_tokens: 'length',
  content_filtered: 'content-filter',
};

const finishOf = (word: unknown): FinishClass | undefined =>
  str(word) === '' ? undefined : (finishes[str(word).toLowerCase()] ?? 'other');

const metrics = 'amazon-bedrock-invocationMetrics';

/** The text and the word for the end, of each choice, in the places where the families have them. */
const choicesOf = (body: Obj): { index: number; text: unknown; finish: unknown }[] => {
  const lists: [string, (each: Obj) => unknown, (each: Obj) => unknown][] = [
    ['results', (each) => each['outputText'], (each) => each['completionReason']],
    ['outputs', (each) => each['text'], (each) => each['stop_reason']],
    ['generations', (each) => each['text'], (each) => each['finish_reason']],
    ['completions', (each) => obj(each['data'])['text'], (each) => obj(each['finishReason'])['reason']],
    ['choices', (each) => each['text'] ?? obj(each['message'])['content'], (each) => each['finish_reason'] ?? each['stop_reason']],
  ];
  for (const [name, text, finish] of lists)
    if (Array.isArray(body[name])) return list(body[name]).map((each, index) => ({ index, text: text(each), finish: finish(each) }));
  const text = body['outputText'] ?? body['generation'] ?? body['completion'] ?? body['text'];
  const finish = body['completionReason'] ?? body['stop_reason'] ?? body['finish_reason'];
  return text === undefined && finish === undefined ? [] : [{ index: num(body['index']) ?? 0, text, finish }];
};

const sum = (counts: unknown[]): number | undefined => {
  const known = counts.filter((count) => typeof count === 'number');
  return known.length > 0 ? known.reduce((total, count) => total + count, 0) : undefined;
};

const read = (reading: Reading, body: Obj): void => {
  const choices = choicesOf(body);
  for (const { index, text, finish } of choices) {
    const choice = choiceAt(reading, index);
    choice.text += str(text);
    choice.finish = finishOf(finish) ?? choice.finish;
  }
  // Cohere's last event is about all of them.
  if (body['index'] === undefined && body['is_finished'] === true)
    for (const choice of reading.choices) choice.finish = finishOf(body['finish_reason']) ?? choice.finish;
  const counted = obj(body[metrics]);
  const openai = obj(body['usage']);
  const tokens = (holder: unknown): number | undefined => {
    const found = obj(holder)['tokens'];
    return Array.isArray(found) ? found.length : undefined;
  };
  const input = counted['inputTokenCount'] ?? body['inputTextTokenCount'] ?? body['prompt_token_count'] ?? openai['prompt_tokens'];
  const output =
    counted['outputTokenCount'] ??
    body['generation_token_count'] ??
    openai['completion_tokens'] ??
    sum(list(body['results']).map(({ tokenCount }) => tokenCount)) ??
    sum(list(body['completions']).map(({ data }) => tokens(data)));
  const usage = usageOf({ inputTotal: num(input) ?? tokens(body['prompt']), outputTotal: num(output) });
  if (Object.keys(usage).length > 0) reading.usage = { ...reading.usage, ...usage };
};

/** Nova's body is Converse's, but for the names of what it counts in the cache. */
const asConverse = (body: Obj): Obj => {
  const usage = obj(body['usage']);
  const { cacheReadInputTokenCount: read, cacheWriteInputTokenCount: written, ...counts } = usage;
  return body['usage'] === undefined
    ? body
    : {
        ...body,
        usage: {
          ...counts,
          ...(read !== undefined && { cacheReadInputTokens: read }),
          ...(written !== undefined && { cacheWriteInputTokens: written }),
        },
      };
};

const isNova = (body: Obj): boolean => 'output' in body || 'messageStart' in body;

export const bedrockText: Reader = {
  whole(text) {
    const body = obj(parseJson(text));
    if (isNova(body)) return bedrockConverse.whole(JSON.stringify(asConverse(body)));
    const reading = newReading();
    reading.ended = true;
    read(reading, body);
    return reading;
  },
  stream(text) {
    const bodies = readEvents(text).map(({ data }) => obj(parseJson(data)));
    if (bodies[0] && isNova(bodies[0])) {
      const events = bodies.flatMap((body) =>
        Object.entries(body)
          .filter(([name]) => name !== metrics)
          .map(([name, value]) => `event: ${name}\ndata: ${JSON.stringify(asConverse(obj(value)))}\n\n`),
      );
      return bedrockConverse.stream(events.join(''));
    }
    const reading = newReading();
    for (const body of bodies) {
      read(reading, body);
      reading.ended ||= body[metrics] !== undefined;
    }
    return reading;
  },
};

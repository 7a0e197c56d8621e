import { parseJson, readEvents } from './events.ts';
import {
  choiceAt,
  finishWith,
  list,
  newReading,
  num,
  obj,
  parseArguments,
  str,
  usageOf,
  type ChoiceReading,
  type FinishClass,
  type Obj,
  type Reader,
  type UsageReading,
} from './reading.ts';

const finishes: Record<string, FinishClass> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool-calls',
  guardrail_intervened: 'content-filter',
  content_filtered: 'content-filter',
  malformed_model_output: 'error',
  malformed_tool_use: 'error',
};

const finishOf = (word: unknown): FinishClass => (str(word) === '' ? 'none' : (finishes[str(word)] ?? 'other'));

/** Input apart from the cache, read from it, written to it: three counts that do not overlap. */
const readUsage = (usage: Obj): UsageReading => {
  const cached = num(usage['cacheReadInputTokens']);
  const written = num(usage['cacheWriteInputTokens']);
  const input = num(usage['inputTokens']);
  return usageOf({
    inputTotal: input === undefined ? undefined : input + (cached ?? 0) + (written ?? 0),
    outputTotal: num(usage['outputTokens']),
    cached,
    cacheWrite: written,
  });
};

const readThoughts = (choice: ChoiceReading, reasoning: Obj): void => {
  const told = reasoning['reasoningText'] === undefined ? reasoning : obj(reasoning['reasoningText']);
  choice.thinking += str(told['text']);
  if (str(told['signature']) !== '') choice.signatures.push(str(told['signature']));
  if (str(reasoning['redactedContent']) !== '') choice.signatures.push(str(reasoning['redactedContent']));
};

const readCitation = (choice: ChoiceReading, citation: Obj): void => {
  const url = str(obj(obj(citation['location'])['web'])['url']);
  if (url !== '') choice.citations.push(url);
};

const readBlock = (choice: ChoiceReading, block: Obj, faults: string[]): void => {
  if (typeof block['text'] === 'string') choice.text += block['text'];
  else if (block['reasoningContent']) readThoughts(choice, obj(block['reasoningContent']));
  else if (block['toolUse']) {
    const { toolUseId, name, input, type } = obj(block['toolUse']);
    // Amazon runs it itself, and its result is there as well.
    if (type === 'server_tool_use') return void choice.opaque.push('server_tool_use');
    if (str(toolUseId) === '' || str(name) === '') faults.push('a toolUse without id or name');
    choice.toolCalls.push({ id: str(toolUseId), name: str(name), arguments: input });
  } else if (block['citationsContent']) {
    const { content, citations } = obj(block['citationsContent']);
    for (const { text } of list(content)) choice.text += str(text);
    for (const citation of list(citations)) readCitation(choice, citation);
  } else choice.opaque.push(Object.keys(block)[0] ?? 'nothing');
};

/** What has come of a block: a stream tells it in pieces, thoughts and signatures apart. */
interface OpenBlock {
  toolUse?: Obj;
  json: string;
  thinking: Obj;
}

/** Amazon Bedrock's Converse: one object, or an event stream. */
export const bedrockConverse: Reader = {
  whole(text) {
    const reading = newReading();
    const body = obj(parseJson(text));
    reading.ended = true;
    const choice = choiceAt(reading, 0);
    const message = obj(obj(body['output'])['message']);
    for (const block of list(message['content'])) readBlock(choice, block, reading.faults);
    if (message['role'] !== 'assistant') reading.faults.push('the role is not assistant');
    choice.finish = finishWith(finishOf(body['stopReason']), choice.toolCalls.length);
    if (choice.finish === 'other') reading.faults.push('stopReason is no word of the format');
    if (body['usage']) reading.usage = readUsage(obj(body['usage']));
    else reading.faults.push('no usage');
    return reading;
  },
  stream(text) {
    const reading = newReading();
    const choice = choiceAt(reading, 0);
    const open = new Map<number, OpenBlock>();
    const fault = (message: string) => void reading.faults.push(message);
    let state: 'before' | 'open' | 'stopped' = 'before';
    for (const { event, data } of readEvents(text)) {
      const body = obj(parseJson(data));
      const index = num(body['contentBlockIndex']) ?? 0;
      if (event === 'messageStart') {
        if (state !== 'before') fault('messageStart twice');
        state = 'open';
      } else if (event === 'contentBlockStart') {
        if (open.has(index)) fault(`block ${index} is started twice`);
        const { toolUse } = obj(body['start']);
        open.set(index, { json: '', thinking: {}, ...(toolUse !== undefined && { toolUse: obj(toolUse) }) });
      } else if (event === 'contentBlockDelta') {
        // Only tool calls have a start of their own.
        const block = open.get(index) ?? { json: '', thinking: {} };
        open.set(index, block);
        const delta = obj(body['delta']);
        choice.text += str(delta['text']);
        if (delta['toolUse']) block.json += str(obj(delta['toolUse'])['input']);
        for (const [member, value] of Object.entries(obj(delta['reasoningContent'])))
          block.thinking[member] = str(block.thinking[member]) + str(value);
        if (delta['citation']) readCitation(choice, obj(delta['citation']));
      } else if (event === 'contentBlockStop') {
        const block = open.get(index);
        if (!block) fault(`block ${index} is stopped and was not there`);
        open.delete(index);
        if (block?.toolUse) readBlock(choice, { toolUse: { ...block.toolUse, input: parseArguments(block.json) } }, reading.faults);
        else if (block) readThoughts(choice, block.thinking);
      } else if (event === 'messageStop') {
        if (open.size > 0) fault('messageStop with blocks open');
        state = 'stopped';
        reading.ended = true;
        choice.finish = finishWith(finishOf(body['stopReason']), choice.toolCalls.length);
        if (choice.finish === 'other') fault('stopReason is no word of the format');
      } else if (event === 'metadata') {
        if (state !== 'stopped') fault('metadata before messageStop');
        if (body['usage']) reading.usage = readUsage(obj(body['usage']));
      } else if (event.endsWith('Exception')) {
        reading.error = { message: str(body['message']), type: event };
      }
    }
    if (state === 'before' && !reading.error) fault('no messageStart');
    return reading;
  },
};

import { parseJson, readEvents } from './events.ts';
import {
  choiceAt,
  finishWith,
  has,
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
  COMPLETE: 'stop',
  STOP_SEQUENCE: 'stop',
  MAX_TOKENS: 'length',
  TOOL_CALL: 'tool-calls',
  ERROR: 'error',
  TIMEOUT: 'error',
};

const finishOf = (word: unknown): FinishClass => (str(word) === '' ? 'none' : (finishes[str(word)] ?? 'other'));

/** What was billed is less than what was read; the model's own counts are what other vendors tell. */
const readUsage = (usage: Obj): UsageReading => {
  const tokens = obj(usage['tokens']);
  const billed = obj(usage['billed_units']);
  const input = num(tokens['input_tokens']);
  return usageOf({
    // Images are counted beside the rest.
    inputTotal: input === undefined ? num(billed['input_tokens']) : input + (num(tokens['image_tokens']) ?? 0),
    reasoning: num(tokens['reasoning_tokens']),
    outputTotal: num(tokens['output_tokens']) ?? num(billed['output_tokens']),
    cached: num(usage['cached_tokens']),
  });
};

const readCitation = (choice: ChoiceReading, { sources }: Obj): void => {
  for (const source of list(sources)) {
    const url = str(obj(source['document'])['url']);
    if (url !== '') choice.citations.push(url);
  }
};

const readContent = (choice: ChoiceReading, content: Obj): void => {
  choice.text += str(content['text']);
  choice.thinking += str(content['thinking']);
};

/** Cohere's `/v2/chat`. What a model plans before it calls tools is a thought. */
export const cohereChat: Reader = {
  whole(text) {
    const reading = newReading();
    const body = obj(parseJson(text));
    reading.id = str(body['id']);
    reading.ended = true;
    const choice = choiceAt(reading, 0);
    const message = obj(body['message']);
    choice.thinking += str(message['tool_plan']);
    for (const content of list(message['content'])) readContent(choice, content);
    for (const call of list(message['tool_calls'])) {
      const fn = obj(call['function']);
      if (str(call['id']) === '') reading.faults.push('a tool call without id');
      choice.toolCalls.push({ id: str(call['id']), name: str(fn['name']), arguments: parseArguments(str(fn['arguments'])) });
    }
    for (const citation of list(message['citations'])) readCitation(choice, citation);
    choice.finish = finishWith(finishOf(body['finish_reason']), choice.toolCalls.length);
    if (choice.finish === 'other') reading.faults.push('finish_reason is no word of the format');
    if (has(body['usage'])) reading.usage = readUsage(obj(body['usage']));
    return reading;
  },
  stream(text) {
    const reading = newReading();
    const choice = choiceAt(reading, 0);
    const calls = new Map<number, { call: Obj; json: string }>();
    const open = new Set<string>();
    const fault = (message: string) => void reading.faults.push(message);
    let started = false;
    for (const { data } of readEvents(text)) {
      const body = obj(parseJson(data));
      const kind = str(body['type']);
      const index = num(body['index']) ?? 0;
      const delta = obj(body['delta']);
      const message = obj(delta['message']);
      const [, part = '', step] = /^(content|tool-call|citation)-(start|end)$/.exec(kind) ?? [];
      if (step === 'start') open.add(`${part} ${index}`);
      else if (step === 'end' && !open.delete(`${part} ${index}`)) fault(`${part} ${index} ends and was not there`);
      if (kind === 'message-start') {
        started = true;
        reading.id = str(body['id']);
      } else if (kind.startsWith('content-')) readContent(choice, obj(message['content']));
      else if (kind === 'tool-plan-delta') choice.thinking += str(message['tool_plan']);
      else if (kind === 'tool-call-start') {
        const call = obj(message['tool_calls']);
        calls.set(index, { call, json: str(obj(call['function'])['arguments']) });
      } else if (kind === 'tool-call-delta') {
        const call = calls.get(index);
        if (call) call.json += str(obj(obj(message['tool_calls'])['function'])['arguments']);
        else fault(`arguments of call ${index}, which was not there`);
      } else if (kind === 'citation-start') readCitation(choice, obj(message['citations']));
      else if (kind === 'message-end') {
        if (open.size > 0) fault('message-end with parts open');
        reading.ended = true;
        for (const { call, json } of calls.values())
          choice.toolCalls.push({ id: str(call['id']), name: str(obj(call['function'])['name']), arguments: parseArguments(json) });
        choice.finish = finishWith(finishOf(delta['finish_reason']), choice.toolCalls.length);
        if (choice.finish === 'other') fault('finish_reason is no word of the format');
        if (has(delta['usage'])) reading.usage = readUsage(obj(delta['usage']));
        if (str(delta['error']) !== '') reading.error = { message: str(delta['error']), type: '' };
      }
    }
    if (!started && !reading.error) fault('no message-start');
    return reading;
  },
};

import { parseJson, readLines } from './events.ts';
import {
  choiceAt,
  finishWith,
  list,
  newReading,
  num,
  obj,
  str,
  usageOf,
  type FinishClass,
  type Obj,
  type Reader,
  type Reading,
} from './reading.ts';

const finishes: Record<string, FinishClass> = { stop: 'stop', length: 'length', load: 'other', unload: 'other' };

const take = (reading: Reading, body: Obj): void => {
  reading.model ||= str(body['model']);
  if (typeof body['error'] === 'string') reading.error = { message: body['error'], type: '' };
  const choice = choiceAt(reading, 0);
  const message = obj(body['message']);
  choice.text += str(message['content']);
  choice.thinking += str(message['thinking']);
  for (const call of list(message['tool_calls'])) {
    const fn = obj(call['function']);
    choice.toolCalls.push({ id: str(call['id']), name: str(fn['name']), arguments: obj(fn['arguments']) });
  }
  if (body['done'] !== true) return;
  if (reading.ended) reading.faults.push('done twice');
  reading.ended = true;
  // Old servers do not say why.
  const finish = finishes[str(body['done_reason']) || 'stop'] ?? 'other';
  choice.finish = finishWith(finish, choice.toolCalls.length);
  reading.usage = usageOf({ inputTotal: num(body['prompt_eval_count']), outputTotal: num(body['eval_count']) });
};

/** Ollama's own `/api/chat`: one object, or one a line. */
export const ollamaChat: Reader = {
  whole(text) {
    const reading = newReading();
    take(reading, obj(parseJson(text)));
    return reading;
  },
  stream(text) {
    const reading = newReading();
    for (const line of readLines(text)) take(reading, obj(line));
    return reading;
  },
};

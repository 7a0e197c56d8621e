import { parseJson, readEvents } from './events.ts';
import { chatFinish } from './openai-chat.ts';
import { chatUsage } from './openai-usage.ts';
import { choiceAt, has, list, newReading, num, obj, str, type Obj, type Reader, type Reading } from './reading.ts';

const take = (reading: Reading, body: Obj): void => {
  reading.id ||= str(body['id']);
  reading.model ||= str(body['model']);
  if (has(body['usage'])) reading.usage = chatUsage(obj(body['usage']));
  if (has(body['error'])) reading.error = { message: str(obj(body['error'])['message']), type: str(obj(body['error'])['type']) };
  for (const wire of list(body['choices'])) {
    const choice = choiceAt(reading, num(wire['index']) ?? 0);
    choice.text += str(wire['text']);
    const finish = chatFinish(wire['finish_reason']);
    if (finish !== 'none') choice.finish = finish;
  }
};

/** OpenAI text completions, the old format. */
export const openaiCompletions: Reader = {
  whole(text) {
    const reading = newReading();
    take(reading, obj(parseJson(text)));
    reading.ended = true;
    return reading;
  },
  stream(text) {
    const reading = newReading();
    for (const { data } of readEvents(text)) {
      if (reading.ended) reading.faults.push('events after [DONE]');
      if (data === '[DONE]') reading.ended = true;
      else take(reading, obj(parseJson(data)));
    }
    return reading;
  },
};

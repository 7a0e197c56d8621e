import { parseJson, readEvents } from './events.ts';
import { choiceAt, list, newReading, obj, str, type Reader } from './reading.ts';

/** Writer's completions: texts, and in streams `{ value }` without an end of their own (dev.writer.com/api-reference, read 2026-11-22). */
export const writerText: Reader = {
  whole(text) {
    const reading = newReading();
    const body = obj(parseJson(text));
    reading.model = str(body['model']);
    for (const [at, choice] of list(body['choices']).entries()) {
      choiceAt(reading, at).text = str(choice['text']);
      choiceAt(reading, at).finish = 'stop';
    }
    reading.ended = true;
    return reading;
  },
  stream(text) {
    const reading = newReading();
    for (const { data } of readEvents(text)) choiceAt(reading, 0).text += str(obj(parseJson(data))['value']);
    choiceAt(reading, 0).finish = 'stop';
    reading.ended = true;
    return reading;
  },
};

import { parseJson, readEvents } from './events.ts';
import { choiceAt, list, newReading, num, obj, str, usageOf, type FinishClass, type Obj, type Reader, type Reading } from './reading.ts';

/*
 * Text Generation Inference on SageMaker: a list of texts, or the events of one, whose last has the counts
 * (huggingface.co/docs/text-generation-inference, read 2026-11-22).
 */

const finishes: Record<string, FinishClass> = { eos_token: 'stop', stop_sequence: 'stop', length: 'length' };

const readDetails = (reading: Reading, details: Obj): void => {
  choiceAt(reading, 0).finish = finishes[str(details['finish_reason'])] ?? 'stop';
  const usage = usageOf({
    inputTotal: num(details['input_length']) ?? (Array.isArray(details['prefill']) ? details['prefill'].length || undefined : undefined),
    outputTotal: num(details['generated_tokens']),
  });
  if (Object.keys(usage).length > 0) reading.usage = usage;
};

export const sagemakerText: Reader = {
  whole(text) {
    const reading = newReading();
    reading.ended = true;
    const body = parseJson(text);
    const [first] = Array.isArray(body) ? list(body) : [obj(body)];
    choiceAt(reading, 0).text = str(first?.['generated_text']);
    readDetails(reading, obj(first?.['details']));
    return reading;
  },
  stream(text) {
    const reading = newReading();
    for (const { data } of readEvents(text)) {
      const body = obj(parseJson(data));
      const token = obj(body['token']);
      if (token['special'] !== true) choiceAt(reading, 0).text += str(token['text']);
      if (typeof body['generated_text'] !== 'string') continue;
      readDetails(reading, obj(body['details']));
      reading.ended = true;
    }
    return reading;
  },
};

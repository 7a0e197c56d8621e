import { SluiceError, type FinishReason, type JsonObject } from '../../types/index.ts';
import type { Reading, TextFormat } from '../shared/prompts/text-answer.ts';
import { asArray, asObjects, asString } from '../shared/read.ts';

/** What custom backends say of the end; the standard ones say nothing. */
const finish: Readonly<Record<string, FinishReason>> = {
  length: 'length',
  max_tokens: 'length',
  stop: 'stop',
  end_id: 'stop',
  stop_words: 'stop-sequence',
};

const errorOf = (value: JsonObject): SluiceError | undefined => {
  const message = asString(value['error']);
  return message === undefined ? undefined : new SluiceError('internal', message, { upstream: { body: value } });
};

const reading = (text: string | undefined, reason: string | undefined): Reading => ({
  pieces: [{ candidate: 0, ...(text !== undefined && { text }), ...(reason && { finish: reason }) }],
  // Each event may be the last one.
  ended: true,
});

export const generated: TextFormat = {
  finish,
  read(value) {
    const error = errorOf(value);
    if (error) return { pieces: [], error };
    const output: unknown = value['text_output'];
    // Batched models give a list of one.
    const text = asString(Array.isArray(output) ? output[0] : output);
    return text === undefined ? undefined : reading(text, asString(value['stop_reason']));
  },
};

export const inferred: TextFormat = {
  finish,
  read(value) {
    const error = errorOf(value);
    if (error) return { pieces: [], error };
    const outputs = asObjects(value['outputs']);
    const output = outputs.find(({ name }) => name === 'text_output') ?? outputs[0];
    const text =
      output &&
      asArray(output['data'])
        .filter((each) => typeof each === 'string')
        .join('');
    return text === undefined ? undefined : reading(text, undefined);
  },
};

import { createSseParser } from '../../lib/sse.ts';
import { SluiceError, type JsonObject, type MediaFile, type Operation } from '../../types/index.ts';
import { answerOver, invoke } from '../invoke.ts';
import type { CallOptions } from '../options.ts';
import type { SpeechResponse } from '../wire/media.ts';
import type { ByteAnswer, OperationAnswer } from './call.ts';
import { fileOf } from './file-input.ts';
import { encodeForm } from './form.ts';
import { requireMembers, toFields } from './form-fields.ts';
import { operate } from './operate.ts';

/** Members that hold files: what has them goes out as a form. */
const fileMembers = ['image', 'mask', 'file', 'input_reference'] as const;
const forms: ReadonlySet<Operation> = new Set(['image-edit', 'image-variation', 'transcription', 'translation', 'video-create']);

/** What is asked of a job that was begun: its id stands in the path, and its model is what it was. */
const isOfJob = (operation: Operation): boolean => operation.startsWith('video-') && operation !== 'video-create';

/** Makes a call of any kind with the SDK's options, keys and retries. @throws SluiceError */
export const callOperation = <K extends Operation>(operation: K, given: JsonObject, options: CallOptions): Promise<OperationAnswer> => {
  requireMembers(given, operation);
  const body: JsonObject = { ...given };
  for (const name of fileMembers) if (forms.has(operation) && body[name] !== undefined) body[name] = filesOf(body[name], name, operation);
  if (operation === 'image-edit' && !Array.isArray(body['image'])) body['image'] = [body['image']];
  const relay = (members: JsonObject) =>
    forms.has(operation)
      ? encodeForm(toFields({ ...body, ...members }))
      : {
          contentType: 'application/json',
          body: JSON.stringify({ ...(isOfJob(operation) ? { ...body, model: undefined, id: undefined } : body), ...members }),
        };
  return invoke(body['model'], options, (target, context, overrides) => {
    const known = { ...body, ...overrides };
    const request = () => ({ ...known, model: target.model }) as never;
    return operate({ operation, target, known, request, relay: (members) => relay({ ...overrides, ...members }) }, context);
  });
};

/** The answer as an object; a text where one was asked for. @throws SluiceError */
export const jsonOf = async (answer: OperationAnswer): Promise<unknown> => {
  if (answer.kind === 'whole') return answer.json();
  return new TextDecoder().decode(await allBytes(answer));
};

/** The events of a streamed answer. Leaving the loop cancels the call. @throws SluiceError when the stream fails */
export async function* eventsOfBytes(answer: OperationAnswer): AsyncGenerator<unknown> {
  if (answer.kind === 'whole') {
    yield answer.json();
    return;
  }
  let ready: unknown[] = [];
  const parser = createSseParser(({ data }) => {
    if (data !== '[DONE]') ready.push(JSON.parse(data));
  });
  try {
    for (let bytes = await answer.read(); bytes; bytes = await answer.read()) {
      parser.push(bytes);
      const events = ready;
      ready = [];
      yield* events;
    }
    parser.close();
    yield* ready;
  } finally {
    answer.cancel();
    answerOver(answer, answer.failure);
  }
}

export const bytesOf = async (answer: OperationAnswer): Promise<SpeechResponse> => {
  if (answer.kind === 'whole')
    throw new SluiceError('invalid_response', 'The provider answered with JSON where sound or film was expected.');
  return {
    contentType: answer.contentType,
    bytes: () => allBytes(answer),
    async *[Symbol.asyncIterator]() {
      try {
        for (let bytes = await answer.read(); bytes; bytes = await answer.read()) yield bytes;
      } finally {
        answer.cancel();
        answerOver(answer, answer.failure);
      }
    },
  };
};

const allBytes = async (answer: ByteAnswer): Promise<Uint8Array> => {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  try {
    for (let bytes = await answer.read(); bytes; bytes = await answer.read()) pieces.push(bytes as Uint8Array<ArrayBuffer>);
  } finally {
    answerOver(answer, answer.failure);
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
};

const filesOf = (value: unknown, name: string, operation: Operation): MediaFile | MediaFile[] | string =>
  // Vendors of videos fetch images themselves.
  operation === 'video-create' && typeof value === 'string' && /^https?:\/\//.test(value)
    ? value
    : Array.isArray(value)
      ? value.map((each) => fileOf(each, name))
      : fileOf(value, name);

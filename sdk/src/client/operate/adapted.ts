import { formatSse } from '../../lib/sse.ts';
import type { ByteStream, JsonObject, Operation, Operations, Usage } from '../../types/index.ts';
import { byteAnswer } from './byte-answer.ts';
import type { OperationAnswer } from './call.ts';
import { renderTranscription } from './render-transcription.ts';
import type { Session } from './session.ts';

/** What an adapter's result is written with. */
interface Writing {
  session: Session;
  /** The client's request, as far as it is known without files. */
  known: JsonObject;
  /** The model as the client asked for it. */
  model: string;
}

type Writers = { readonly [K in Operation]: (result: Operations[K]['result'], writing: Writing) => OperationAnswer };

/** An adapter's result in the clients' format of its kind. */
const writers: Writers = {
  'image-generation': images('image_generation.completed'),
  'image-edit': images('image_edit.completed'),
  'image-variation': images('image_generation.completed'),
  transcription: (result, writing) => transcript(result, writing, 'transcribe'),
  translation: (result, writing) => transcript(result, writing, 'translate'),
  speech: (result, { session }) => byteAnswer(session, result, { usage: () => result.usage?.() }),
  moderation: ({ body, usage }, { session, model }) => whole(session, { model, ...body }, usage),
  ocr: ({ body, usage }, { session, model }) => whole(session, { model, ...body }, usage),
  search: ({ usage, ...found }, { session }) => whole(session, { object: 'search', ...found }, usage),
  'video-create': video,
  'video-retrieve': video,
  'video-remix': video,
  'video-content': (result, { session }) => byteAnswer(session, result),
  'video-delete': ({ body }, { session }) => whole(session, body, undefined),
};

export const writeResult = <K extends Operation>(operation: K, result: Operations[K]['result'], writing: Writing): OperationAnswer =>
  writers[operation](result, writing);

const whole = (session: Session, json: JsonObject, usage: Usage | undefined): OperationAnswer => {
  const { facts } = session;
  facts.firstOutputAt = facts.endedAt = session.now();
  if (usage) facts.usage = usage;
  session.close();
  return { kind: 'whole', facts, body: JSON.stringify(json), json: () => json };
};

/** A whole result for a client that asked for a stream: its events at once. */
const events = (session: Session, list: readonly JsonObject[], usage: Usage | undefined): OperationAnswer => {
  const text = list.map((event) => formatSse({ event: String(event['type']), data: JSON.stringify(event) })).join('');
  return byteAnswer(session, once('text/event-stream', text), { usage: () => usage });
};

const once = (contentType: string, text: string): ByteStream => {
  let bytes: Uint8Array | undefined = new TextEncoder().encode(text);
  return {
    contentType,
    async read() {
      const all = bytes;
      bytes = undefined;
      return all;
    },
    cancel() {
      bytes = undefined;
    },
  };
};

function images(type: string): Writers['image-generation'] {
  return ({ body, usage }, { session, known }) => {
    const json = { created: Math.floor(session.now() / 1000), ...body };
    if (known['stream'] !== true) return whole(session, json, usage);
    const list = body.data.map((image) => ({
      type,
      created_at: json.created,
      ...image,
      ...(body['usage'] !== undefined && { usage: body['usage'] }),
    }));
    return events(session, list, usage);
  };
}

const transcript = (
  result: Operations['transcription']['result'],
  { session, known }: Writing,
  task: 'transcribe' | 'translate',
): OperationAnswer => {
  const { text, usage } = result;
  if (known['stream'] === true) {
    const list = [
      { type: 'transcript.text.delta', delta: text },
      { type: 'transcript.text.done', text },
    ];
    return events(session, list, usage);
  }
  const form = typeof known['response_format'] === 'string' ? known['response_format'] : undefined;
  const { contentType, body, json } = renderTranscription(result, form, task);
  if (json) return whole(session, json, usage);
  return byteAnswer(session, once(contentType, body), { usage: () => usage });
};

function video({ body, usage }: Operations['video-create']['result'], { session, model, known }: Writing): OperationAnswer {
  const told = {
    object: 'video',
    model,
    created_at: Math.floor(session.now() / 1000),
    progress: body.status === 'completed' ? 100 : 0,
    ...(known['seconds'] !== undefined && { seconds: String(known['seconds']) }),
    ...(known['size'] !== undefined && { size: known['size'] }),
    ...body,
  };
  return whole(session, told, usage);
}

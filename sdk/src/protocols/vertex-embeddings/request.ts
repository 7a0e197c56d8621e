import { table } from '../../lib/table.ts';
import { SluiceError, type EmbeddingRequest, type JsonObject, type PathFacts, type ToWireContext } from '../../types/index.ts';
import { asObject, asString, compact, maybe, wantArray, wantNumber, wantObject } from '../shared/read.ts';
import { wantedTexts } from '../shared/wanted-texts.ts';
import { shapeOf } from './models.ts';

/** Which member of a request holds what clients give beside their own format, in any spelling. */
const places: Readonly<Record<string, { member: 'instance' | 'parameter'; name: string }>> = table({
  task_type: { member: 'instance', name: 'task_type' },
  taskType: { member: 'instance', name: 'task_type' },
  input_type: { member: 'instance', name: 'task_type' },
  title: { member: 'instance', name: 'title' },
  mimeType: { member: 'instance', name: 'mimeType' },
  auto_truncate: { member: 'parameter', name: 'autoTruncate' },
  autoTruncate: { member: 'parameter', name: 'autoTruncate' },
});

interface Sorted {
  instance: JsonObject;
  parameter: JsonObject;
  /** Whatever is not known goes beside them (`labels`). */
  rest: JsonObject;
}

const sort = (request: EmbeddingRequest): Sorted => {
  const sorted: Sorted = { instance: {}, parameter: {}, rest: {} };
  const own = { ...request.extra?.['gemini-embeddings'], ...request.extra?.['vertex-embeddings'] };
  for (const [name, value] of Object.entries({ ...own, ...request.unknown })) {
    const place = places[name];
    if (place) sorted[place.member][place.name] = value;
    else sorted.rest[name] = value;
  }
  return sorted;
};

type Writer = (texts: string[], sorted: Sorted, dimensions: number | undefined) => JsonObject;

const optional = (name: string, value: JsonObject): JsonObject => (Object.keys(value).length > 0 ? { [name]: value } : {});

const writers: Readonly<Record<ReturnType<typeof shapeOf>, Writer>> = {
  text: (texts, { instance, parameter, rest }, dimensions) => ({
    instances: texts.map((content) => ({ content, ...instance })),
    ...optional('parameters', { ...parameter, ...(dimensions !== undefined && { outputDimensionality: dimensions }) }),
    ...rest,
  }),
  multimodal: (texts, { rest }, dimensions) => ({
    instances: texts.map(instanceOf),
    ...optional('parameters', dimensions === undefined ? {} : { dimension: dimensions }),
    ...rest,
  }),
  content: ([text = ''], { instance: { task_type: taskType, title }, parameter, rest }, dimensions) => ({
    content: { parts: [{ text }] },
    ...optional('embedContentConfig', compact({ taskType, title, ...parameter, outputDimensionality: dimensions })),
    ...rest,
  }),
};

/** A picture or a film is given where OpenAI's format has a text: as a data URL, or by its place in Cloud Storage. */
const instanceOf = (text: string): JsonObject => {
  const data = /^data:(image\/[\w.+-]+);base64,(.*)$/s.exec(text);
  if (data) return { image: { bytesBase64Encoded: data[2], mimeType: data[1] } };
  if (!text.startsWith('gs://')) return { text };
  return /\.(?:mp4|mov|mpe?g|avi|wmv|flv|webm|3gpp)$/i.test(text) ? { video: { gcsUri: text } } : { image: { gcsUri: text } };
};

/** @throws SluiceError `unsupported_parameter` for token ids */
export const toWire = (request: EmbeddingRequest, context: ToWireContext): JsonObject => {
  if (request.user !== undefined) context.drop('user', 'Vertex AI takes no end user');
  return writers[shapeOf(context.model)](wantedTexts(request, 'Vertex AI'), sort(request), request.dimensions);
};

/** A body of `predict` with texts. @throws SluiceError `invalid_request`, naming the member */
export const fromWire = (body: JsonObject, path?: PathFacts): EmbeddingRequest => {
  const instances = wantArray(body['instances'], 'instances').map((each, index) => wantObject(each, `instances[${index}]`));
  const parameters = asObject(body['parameters']) ?? {};
  const input = instances.map(({ content }, index) => {
    const text = asString(content);
    if (text !== undefined) return text;
    const param = `instances[${index}].content`;
    throw new SluiceError('invalid_request', `'${param}' is not text.`, { param });
  });
  const { content: _content, ...instance } = instances[0] ?? {};
  const { outputDimensionality, ...parameter } = parameters;
  const own = { ...instance, ...parameter };
  return compact<EmbeddingRequest>({
    model: path?.model ?? '',
    input,
    dimensions: maybe(wantNumber, outputDimensionality, 'parameters.outputDimensionality'),
    unknown: {},
    extra: Object.keys(own).length > 0 ? { 'vertex-embeddings': own } : undefined,
  });
};

import { table } from '../../lib/table.ts';
import { SluiceError, type EmbeddingRequest, type JsonObject, type PathFacts, type ToWireContext } from '../../types/index.ts';
import { asArray, asObject, asString, compact, maybe, wantArray, wantNumber, wantObject, wantString } from '../shared/read.ts';
import { wantedTexts } from '../shared/wanted-texts.ts';

/** Google reads both spellings of a member's name. */
const both = (object: JsonObject, camel: string): unknown =>
  object[camel] ?? object[camel.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];

/** `models/x` -> `x` */
const bare = (name: string): string => (name.startsWith('models/') ? name.slice(7) : name);

const ownMembers = ['taskType', 'title', 'autoTruncate'] as const;

/**
 * `batchEmbedContents` (`{ requests }`) or `embedContent` (one of them).
 * @throws SluiceError `invalid_request`, naming the member
 */
export const fromWire = (body: JsonObject, path?: PathFacts): EmbeddingRequest => {
  const list =
    body['requests'] === undefined
      ? // Vertex AI has the options in a member of their own.
        [{ ...body, ...asObject(body['embedContentConfig']) }]
      : wantArray(body['requests'], 'requests').map((each, index) => wantObject(each, `requests[${index}]`));
  const at = (index: number) => (body['requests'] === undefined ? '' : `requests[${index}].`);
  const first = list[0] ?? {};
  const model = path?.model ?? maybe(wantString, body['model'] ?? first['model'], `${at(0)}model`);
  if (model === undefined) throw new SluiceError('invalid_request', "The model's name is missing in the path.", { param: 'model' });

  const dimensions = sameOf(list, 'outputDimensionality', at);
  const own: JsonObject = {};
  for (const name of ownMembers) {
    const value = sameOf(list, name, at);
    if (value !== undefined) own[name] = value;
  }
  return compact<EmbeddingRequest>({
    model: bare(model),
    input: list.map((each, index) => readText(each['content'], `${at(index)}content`)),
    dimensions: maybe(wantNumber, dimensions, 'outputDimensionality'),
    unknown: {},
    extra: Object.keys(own).length > 0 ? { 'gemini-embeddings': own } : undefined,
  });
};

/** The neutral request has one of each for all texts. */
const sameOf = (list: JsonObject[], name: string, at: (index: number) => string): unknown => {
  const values = list.map((each) => both(each, name));
  const odd = values.findIndex((each) => each !== values[0]);
  if (odd !== -1)
    throw new SluiceError('invalid_request', `'${at(odd)}${name}' must be the same for all requests.`, { param: `${at(odd)}${name}` });
  return values[0] ?? undefined;
};

const readText = (value: unknown, path: string): string => {
  if (typeof value === 'string') return value;
  const content = wantObject(value, path);
  const parts = content['parts'] === undefined ? [content] : asArray(content['parts']);
  return parts
    .map((each, index) => {
      const text = asString(asObject(each)?.['text']);
      if (text === undefined)
        throw new SluiceError('invalid_request', `'${path}.parts[${index}]' is not text; only texts can be embedded here.`, {
          param: `${path}.parts[${index}]`,
        });
      return text;
    })
    .join('\n');
};

/** Members that clients of other formats give for Google, in either spelling. */
const known: Readonly<Record<string, string>> = table({
  taskType: 'taskType',
  task_type: 'taskType',
  title: 'title',
  autoTruncate: 'autoTruncate',
  auto_truncate: 'autoTruncate',
});

/** A `BatchEmbedContentsRequest`, also for one text. @throws SluiceError `unsupported_parameter` for token ids */
export const toWire = (request: EmbeddingRequest, context: ToWireContext): JsonObject => {
  if (request.user !== undefined) context.drop('user', 'Gemini takes no end user');
  const model = context.model.includes('/') ? context.model : `models/${context.model}`;
  const unknown: JsonObject = {};
  for (const [name, value] of Object.entries(request.unknown)) unknown[known[name] ?? name] = value;
  // Vertex AI's format calls them otherwise; what else it has is unknown here.
  for (const [name, value] of Object.entries(request.extra?.['vertex-embeddings'] ?? {}))
    if (known[name] !== undefined) unknown[known[name]] = value;
    else context.drop(name, 'the Gemini API does not take it');
  return {
    requests: wantedTexts(request, 'Gemini').map((text) => ({
      model,
      content: { parts: [{ text }] },
      ...(request.dimensions !== undefined && { outputDimensionality: request.dimensions }),
      ...unknown,
      ...request.extra?.['gemini-embeddings'],
    })),
  };
};

import { SluiceError, type EmbeddingRequest, type JsonObject, type PathFacts, type ToWireContext } from '../../types/index.ts';
import { asArray, asObjects, compact, maybe, wantArray, wantNumber, wantString } from '../shared/read.ts';
import { wantedTexts } from '../shared/wanted-texts.ts';
import { id } from './common.ts';

const ownMembers: ReadonlySet<string> = new Set(['input_type', 'truncate', 'max_tokens', 'priority']);

/** @throws SluiceError `invalid_request`, naming the member; `unsupported_parameter` for images, which are Cohere's alone */
export const fromWire = (body: JsonObject, path?: PathFacts): EmbeddingRequest => {
  const { model, texts, inputs, images, output_dimension, embedding_types, ...others } = body;
  if (asArray(images).length > 0) throw onlyCohere('images', 'images are embedded by Cohere itself alone');
  const extra: JsonObject = {};
  const unknown: JsonObject = {};
  for (const [name, value] of Object.entries(others)) if (value !== null) (ownMembers.has(name) ? extra : unknown)[name] = value;
  return compact<EmbeddingRequest>({
    model: path?.model ?? wantString(model, 'model'),
    input:
      inputs === undefined || inputs === null
        ? wantArray(texts, 'texts').map((each, index) => wantString(each, `texts[${index}]`))
        : wantArray(inputs, 'inputs').map(readInput),
    dimensions: maybe(wantNumber, output_dimension, 'output_dimension'),
    encodingFormat: readTypes(embedding_types),
    unknown,
    extra: Object.keys(extra).length > 0 ? { [id]: extra } : undefined,
  });
};

const onlyCohere = (param: string, why: string): SluiceError =>
  new SluiceError('unsupported_parameter', `'${param}' is not supported: ${why}.`, { param });

/** Blocks of text, which make one vector together. */
const readInput = (value: unknown, index: number): string => {
  const blocks = asObjects((value as JsonObject | null)?.['content']);
  if (blocks.some(({ type }) => type !== 'text')) throw onlyCohere(`inputs[${index}]`, 'images are embedded by Cohere itself alone');
  return blocks.map((block, at) => wantString(block['text'], `inputs[${index}].content[${at}].text`)).join('\n');
};

const readTypes = (value: unknown): 'float' | 'base64' | undefined => {
  const types = maybe(wantArray, value, 'embedding_types') ?? [];
  const other = types.find((type) => type !== 'float' && type !== 'base64');
  if (other !== undefined) throw onlyCohere('embedding_types', `'${String(other)}' is made by Cohere itself alone`);
  return types.includes('float') || types.length === 0 ? undefined : 'base64';
};

/** What a text is embedded for must be said; most are to be found later. */
const defaultInputType = 'search_document';

/** @throws SluiceError `unsupported_parameter` for token ids */
export const toWire = (request: EmbeddingRequest, context: ToWireContext): JsonObject => {
  if (request.user !== undefined) context.drop('user', 'Cohere takes no end user');
  return compact<JsonObject>({
    model: context.model,
    texts: wantedTexts(request, 'Cohere'),
    input_type: defaultInputType,
    // Whoever wants base64 is given what numbers make of it: how Cohere's own base64 is laid out is not told.
    embedding_types: ['float'],
    output_dimension: request.dimensions,
    ...request.extra?.[id],
    ...request.unknown,
  });
};

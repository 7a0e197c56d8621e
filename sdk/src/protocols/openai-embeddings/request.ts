import { SluiceError, type EmbeddingRequest, type JsonObject, type PathFacts, type ToWireContext } from '../../types/index.ts';
import { compact, isObject, maybe, wantArray, wantNumber, wantString } from '../shared/read.ts';

const neutral: ReadonlySet<string> = new Set(['model', 'input', 'dimensions', 'encoding_format', 'user']);

const isTokens = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'number');

/** A text, several, one list of tokens, or several. */
const readInput = (value: unknown): EmbeddingRequest['input'] => {
  if (typeof value === 'string') return [value];
  if (isTokens(value)) return [value];
  return wantArray(value, 'input').map((each, at) => {
    // Objects are images and more, in the words of the vendors that take them.
    if (typeof each === 'string' || isTokens(each) || isObject(each)) return each;
    throw new SluiceError('invalid_request', `'input[${at}]' must be a string or a list of tokens.`, { param: `input[${at}]` });
  });
};

const readEncoding = (value: unknown): 'float' | 'base64' | undefined => {
  const format = maybe(wantString, value, 'encoding_format');
  if (format === undefined || format === 'float' || format === 'base64') return format;
  throw new SluiceError('invalid_request', `'encoding_format' must be 'float' or 'base64', not '${format}'.`, { param: 'encoding_format' });
};

/**
 * Reads a body of OpenAI's embeddings (https://platform.openai.com/docs/api-reference/embeddings, read 2026-11-21).
 * @throws SluiceError `invalid_request`, naming the member
 */
export const readRequest = (body: JsonObject, path?: PathFacts): EmbeddingRequest => {
  const unknown: JsonObject = {};
  for (const [name, value] of Object.entries(body)) if (!neutral.has(name) && value !== undefined) unknown[name] = value;
  return compact<EmbeddingRequest>({
    model: wantString(path?.model ?? body['model'], 'model'),
    input: readInput(body['input']),
    dimensions: maybe(wantNumber, body['dimensions'], 'dimensions'),
    encodingFormat: readEncoding(body['encoding_format']),
    user: maybe(wantString, body['user'], 'user'),
    unknown,
  });
};

/** @throws SluiceError `unsupported_parameter` for what the vendor lacks */
export const writeRequest = (request: EmbeddingRequest, context: ToWireContext): JsonObject => {
  const [only] = request.input;
  const body = compact<JsonObject>({
    ...request.unknown,
    model: context.model,
    input: request.input.length === 1 && typeof only === 'string' ? only : request.input,
    dimensions: request.dimensions,
    encoding_format: request.encodingFormat,
    user: request.user,
  });
  const { lacks = [], rename = {} } = context.quirks;
  for (const name of lacks) {
    if (body[name] === undefined || name === 'input') continue;
    delete body[name];
    // Which encoding the provider uses does not matter: the answer is turned into what the client wants.
    if (name === 'encoding_format') continue;
    // Who the end user is changes no vector.
    if (name === 'user') context.drop(name, 'the provider does not take it');
    else context.lacks(name);
  }
  for (const [name, other] of Object.entries(rename)) {
    if (body[name] === undefined) continue;
    body[other] ??= body[name];
    delete body[name];
  }
  return body;
};

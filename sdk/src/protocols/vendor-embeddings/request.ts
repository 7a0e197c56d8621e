import { SluiceError, type EmbeddingRequest, type JsonObject, type ToWireContext } from '../../types/index.ts';
import { compact } from '../shared/read.ts';

/** "The maximum length of the list is 1,000" (docs.voyageai.com/reference/embeddings-api, read 2026-11-22). */
export const maxInputs = (model: string): number => (model.startsWith('voyage-') ? 1000 : Infinity);

/** What another vendor's format calls the purpose of the vectors, as it came. */
const purposeOf = ({ extra }: EmbeddingRequest): unknown =>
  extra?.['cohere-embeddings']?.['input_type'] ?? extra?.['gemini-embeddings']?.['taskType'];

/** @throws SluiceError `unsupported_parameter` for token ids */
export const toWire = (request: EmbeddingRequest, context: ToWireContext): JsonObject => {
  if (purposeOf(request) !== undefined)
    context.drop('input_type', 'each vendor has words of its own for it: give it as a member of OpenAI’s format');
  const body = compact<JsonObject>({
    ...withoutNulls(request.unknown),
    model: context.model,
    input: request.input.map((each, index) => {
      if (!Array.isArray(each)) return each;
      const why = `'input[${index}]' is a list of token ids; ${context.provider} takes texts.`;
      throw new SluiceError('unsupported_parameter', why, { param: 'input' });
    }),
    dimensions: request.dimensions,
    // Numbers are what comes unasked, and Voyage AI has no word for them.
    encoding_format: request.encodingFormat === 'base64' ? 'base64' : undefined,
  });
  // An end user changes no vector.
  if (request.user !== undefined) context.drop('user', `${context.provider} takes no end user`);
  for (const [name, other] of Object.entries(context.quirks.rename ?? {})) {
    if (body[name] === undefined) continue;
    body[other] ??= body[name];
    delete body[name];
  }
  return body;
};

/** Clients of these vendors say "not given" with null. */
const withoutNulls = (members: JsonObject): JsonObject => Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));

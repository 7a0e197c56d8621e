import type { EmbeddingRequest, JsonObject, PathFacts, ToWireContext } from '../../types/index.ts';
import { asObject, compact, maybe, wantArray, wantNumber, wantString } from '../shared/read.ts';
import { wantedTexts } from '../shared/wanted-texts.ts';

const ownMembers: ReadonlySet<string> = new Set(['truncate', 'keep_alive', 'options']);

/** `/api/embed`, or the older `/api/embeddings` with its one `prompt`. @throws SluiceError `invalid_request`, naming the member */
export const fromWire = (body: JsonObject, path?: PathFacts): EmbeddingRequest => {
  const { model, input, prompt, dimensions, ...others } = body;
  const extra: JsonObject = {};
  const unknown: JsonObject = {};
  for (const [name, value] of Object.entries(others)) if (value !== null) (ownMembers.has(name) ? extra : unknown)[name] = value;
  return compact<EmbeddingRequest>({
    model: path?.model ?? wantString(model, 'model'),
    input: readInput(input ?? prompt),
    dimensions: maybe(wantNumber, dimensions, 'dimensions'),
    unknown,
    extra: Object.keys(extra).length > 0 ? { 'ollama-embeddings': extra } : undefined,
  });
};

const readInput = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : wantArray(value, 'input').map((each, index) => wantString(each, `input[${index}]`));

/** @throws SluiceError `unsupported_parameter` for token ids */
export const toWire = (request: EmbeddingRequest, context: ToWireContext): JsonObject => {
  if (request.user !== undefined) context.drop('user', 'Ollama takes no end user');
  const own = request.extra?.['ollama-embeddings'] ?? {};
  const { options, ...unknown } = request.unknown;
  const merged = { ...asObject(own['options']), ...asObject(options) };
  return {
    model: context.model,
    input: wantedTexts(request, 'Ollama'),
    ...(request.dimensions !== undefined && { dimensions: request.dimensions }),
    ...own,
    ...unknown,
    ...(Object.keys(merged).length > 0 && { options: merged }),
  };
};

import { asObject, asObjects, asString } from '../../protocols/shared/read.ts';
import { gemini as geminiProtocol, geminiEmbeddings } from '../../protocols/index.ts';
import type { ByteStream, JsonObject, Wire } from '../../types/index.ts';
import { chatLine, embeddingLine, failedLine } from '../kept/translate.ts';
import { streamOfPieces } from '../media/bytes.ts';
import { noAnswer } from '../media/failure.ts';
import { keyIn } from './resources-names.ts';

const inlineMark = 'batches:';

/** The id of results that are in the job itself, which was given its requests inside. No file has a colon in its id. */
export const inlineOutputId = (batch: string): string => inlineMark + batch;

/** One result, `{ key, response }` in a file or `{ metadata, response }` in a job, in OpenAI's words. Undefined: it is none. */
export const outputLine = (line: JsonObject, wire: Wire): JsonObject | undefined => {
  const key = asString(line['key']) ?? asString(asObject(line['metadata'])?.['custom_id']) ?? asString(asObject(line['metadata'])?.['key']);
  const { response } = line;
  const error = asObject(line['error']) ?? asObject(line['status']);
  if (key === undefined) return undefined;
  const body = asObject(response);
  if (!body) return error ? failedLine(key, error['status'] ?? error['code'], error['message']) : undefined;
  if (body['embedding'] !== undefined) return embeddingLine(key, () => geminiEmbeddings.response.fromWire(body), '');
  return chatLine(key, () => geminiProtocol.response.fromWire(body), { model: '', wire });
};

/** Undefined: the id is that of a file. */
export const inlineOutput = async (id: string, wire: Wire): Promise<ByteStream | undefined> => {
  if (!id.startsWith(inlineMark)) return undefined;
  const answer = await wire.json({ url: `/batches/${keyIn('batches', id.slice(inlineMark.length))}` });
  const output = outputOf(answer);
  const lines = asObjects(asObject(output?.['inlinedResponses'])?.['inlinedResponses']);
  if (lines.length === 0) throw noAnswer(wire, 'results');
  const encoder = new TextEncoder();
  const pieces = lines.map((line, at) => {
    const made = outputLine({ ...line, ...(line['metadata'] === undefined && { key: String(at) }) }, wire);
    return encoder.encode(`${JSON.stringify(made ?? line)}\n`);
  });
  return streamOfPieces(pieces, 'application/jsonl', () => noAnswer(wire, 'results'));
};

/** A job's results: where it is done they stand twice. */
export const outputOf = (operation: JsonObject): JsonObject | undefined =>
  asObject(operation['response']) ?? asObject(asObject(operation['metadata'])?.['output']) ?? asObject(operation['output']);

import { breathe } from '../../lib/breathe.ts';
import { createNdjsonParser } from '../../lib/ndjson.ts';
import { parseObject } from '../../protocols/shared/read.ts';
import { SluiceError, type ByteStream, type JsonObject, type Wire } from '../../types/index.ts';

/** One request of a batch, as OpenAI has it. */
export interface BatchLine {
  /** From 1. */
  number: number;
  customId: string;
  /** `/v1/chat/completions` */
  url: string;
  /** As the client named it. */
  model: string;
  body: JsonObject;
}

/** Characters that are worked on before others have their turn. */
const turnChars = 256 * 1024;

/**
 * The requests of a batch, each written anew.
 * @throws SluiceError `invalid_request` that names the line
 */
export const rewriteLines = async (file: Blob, write: (line: BatchLine) => JsonObject): Promise<string> => {
  const made: string[] = [];
  let worked = 0;
  for (const [at, text] of (await file.text()).split('\n').entries()) {
    if (text.trim() === '') continue;
    made.push(JSON.stringify(write(readLine(text, at + 1))));
    worked += text.length;
    if (worked < turnChars) continue;
    worked = 0;
    await breathe();
  }
  if (made.length === 0) throw new SluiceError('invalid_request', 'The file has no requests.', { param: 'file' });
  return `${made.join('\n')}\n`;
};

const readLine = (text: string, number: number): BatchLine => {
  const line = parseObject(text);
  const body = line?.['body'];
  const wrong = (why: string) => wrongLine(number, why);
  if (!line) throw wrong('is no JSON object');
  const { custom_id: customId, url } = line;
  if (typeof customId !== 'string' || customId === '') throw wrong("has no 'custom_id'");
  if (typeof url !== 'string') throw wrong("has no 'url'");
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw wrong("has no 'body'");
  const { model } = body as JsonObject;
  if (typeof model !== 'string' || model === '') throw wrong("has no 'body.model'");
  return { number, customId, url, model, body: body as JsonObject };
};

export const wrongLine = (number: number, why: string): SluiceError =>
  new SluiceError('invalid_request', `Line ${number} of the batch ${why}.`, { param: 'file' });

/** What a client gets of a vendor's results: each line written anew as it comes, those that are none of theirs left as they are. */
export const mapLines = (source: ByteStream, write: (line: JsonObject) => JsonObject | undefined, wire: Wire): ByteStream => {
  const encoder = new TextEncoder();
  let made = '';
  const parser = createNdjsonParser((text) => {
    const line = parseObject(text);
    made += `${line ? JSON.stringify(write(line) ?? line) : text}\n`;
  });
  let ended = false;
  const guarded = (work: () => void): void => {
    try {
      work();
    } catch (cause) {
      source.cancel();
      throw SluiceError.is(cause)
        ? cause
        : new SluiceError('invalid_response', `${wire.target.provider.label}'s results cannot be read.`, { cause });
    }
  };
  return {
    contentType: 'application/jsonl',
    async read() {
      while (made === '' && !ended) {
        const piece = await source.read();
        if (piece) guarded(() => parser.push(piece));
        else {
          ended = true;
          guarded(() => parser.close());
        }
      }
      if (made === '') return undefined;
      const bytes = encoder.encode(made);
      made = '';
      return bytes;
    },
    cancel: () => source.cancel(),
  };
};

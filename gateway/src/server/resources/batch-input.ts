import { SluiceError, type JsonObject } from 'sluice/kit';
import type { CallState } from '../../pipeline/call-state.ts';
import { demandModel } from '../../pipeline/model-rights.ts';

/** Whose batch it is: it may hold what its caller may ask for one by one. */
type BatchCaller = Pick<CallState, 'live' | 'principal'>;

/** So many characters are worked on before others have their turn. */
const turnChars = 256 * 1024;

/** What a line costs besides its characters, empty ones too. */
const lineChars = 64;

/**
 * The requests of a batch (JSON Lines) with the upstream's names of their models; the file itself where they have them
 * already. Lines that name a model which is not ours stay as they are.
 * @throws SluiceError `invalid_request` for a line that is no JSON, `authentication` for a model that its caller may not use
 */
export const rewriteBatch = async (file: Blob, state: BatchCaller): Promise<Blob> => {
  const upstreamName = namesOf(state);
  const text = await file.text();
  const pieces: string[] = [];
  let changed = false;
  let from = 0;
  for (let line = 1; from < text.length;) {
    let piece = '';
    for (let worked = 0; worked < turnChars && from < text.length; line++) {
      const end = text.indexOf('\n', from) + 1 || text.length;
      const given = text.slice(from, end);
      const made = rewriteLine(given, line, upstreamName);
      changed ||= made !== given;
      piece += made;
      worked += given.length + lineChars;
      from = end;
    }
    pieces.push(piece);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return changed ? new Blob(pieces, { type: file.type }) : file;
};

/** A batch asks few models; one that names others without end is not remembered. */
const maxNames = 1000;

/** What a deployment of a model calls it; a name that is not ours stays. */
const namesOf = (state: BatchCaller): ((model: string) => string) => {
  const names = new Map<string, string>();
  return (model) => {
    let name = names.get(model);
    if (name === undefined) {
      if (names.size >= maxNames) names.clear();
      demandModel(state, model);
      names.set(model, (name = state.live.router.match(model)[0]?.model ?? model));
    }
    return name;
  };
};

/** The model of a batch's first request, which says where the batch goes. */
export const modelOfBatch = async (file: Blob): Promise<string | undefined> => {
  const [first = ''] = (await file.slice(0, turnChars).text()).split('\n');
  // The line may be longer than what was read of it, and its model stands near its beginning in any case.
  return /"model"\s*:\s*"((?:[^"\\]|\\.){0,500})"/.exec(first)?.[1];
};

/** Anthropic's batches hold their requests themselves. */
export const modelOfMessages = (body: JsonObject): string | undefined => {
  const model = paramsOf((body['requests'] as unknown[] | undefined)?.[0])?.['model'];
  return typeof model === 'string' ? model : undefined;
};

/** A batch of messages with the upstream's names of its models. */
export const rewriteMessages = (body: JsonObject, state: BatchCaller): JsonObject => {
  const { requests } = body;
  if (!Array.isArray(requests)) return body;
  const upstreamName = namesOf(state);
  return {
    ...body,
    requests: requests.map((request: unknown) => {
      const params = paramsOf(request);
      const model = params?.['model'];
      return typeof model === 'string' ? { ...(request as JsonObject), params: { ...params, model: upstreamName(model) } } : request;
    }),
  };
};

const paramsOf = (request: unknown): JsonObject | undefined => (request as { params?: JsonObject } | null | undefined)?.params;

/** @param line with its end; counted from 1 */
const rewriteLine = (line: string, at: number, upstreamName: (model: string) => string): string => {
  const text = line.trim();
  if (text === '') return line;
  let request: JsonObject | null;
  try {
    request = JSON.parse(text) as JsonObject | null;
  } catch (cause) {
    throw new SluiceError('invalid_request', `Line ${at} of the batch is not JSON.`, { param: 'file', cause });
  }
  const body = request?.['body'] as JsonObject | null | undefined;
  const model = body?.['model'];
  if (typeof model !== 'string') return line;
  const name = upstreamName(model);
  return name === model ? line : `${JSON.stringify({ ...request, body: { ...body, model: name } })}${line.endsWith('\n') ? '\n' : ''}`;
};

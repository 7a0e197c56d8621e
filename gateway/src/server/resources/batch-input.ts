import { SluiceError, type JsonObject } from 'sluice/kit';
import type { Live } from '../../pipeline/live.ts';

/** So many characters are worked on before others have their turn. */
const turnChars = 256 * 1024;

/**
 * The requests of a batch (JSON Lines) with the upstream's names of their models; the file itself where they have them
 * already. Lines that name a model which is not ours stay as they are.
 * @throws SluiceError `invalid_request` for a line that is no JSON
 */
export const rewriteBatch = async (file: Blob, live: Live): Promise<Blob> => {
  const upstreamName = namesOf(live);
  const lines = (await file.text()).split('\n');
  const pieces: string[] = [];
  let worked = 0;
  let changed = false;
  for (const [at, line] of lines.entries()) {
    const made = rewriteLine(line, at, upstreamName);
    changed ||= made !== line;
    pieces.push(made);
    worked += line.length;
    if (worked < turnChars) continue;
    worked = 0;
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return changed ? new Blob([pieces.join('\n')], { type: file.type }) : file;
};

/** What a deployment of a model calls it; a name that is not ours stays. */
const namesOf = ({ router }: Live): ((model: string) => string) => {
  const names = new Map<string, string>();
  return (model) => {
    let name = names.get(model);
    if (name === undefined) names.set(model, (name = router.match(model)[0]?.model ?? model));
    return name;
  };
};

/** The model of a batch's first request, which says where the batch goes. */
export const modelOfBatch = async (file: Blob): Promise<string | undefined> => {
  const [first = ''] = (await file.slice(0, turnChars).text()).split('\n');
  // The line may be longer than what was read of it, and its model stands near its beginning in any case.
  return /"model"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(first)?.[1];
};

/** Anthropic's batches hold their requests themselves. */
export const modelOfMessages = (body: JsonObject): string | undefined => {
  const model = paramsOf((body['requests'] as unknown[] | undefined)?.[0])?.['model'];
  return typeof model === 'string' ? model : undefined;
};

/** A batch of messages with the upstream's names of its models. */
export const rewriteMessages = (body: JsonObject, live: Live): JsonObject => {
  const { requests } = body;
  if (!Array.isArray(requests)) return body;
  const upstreamName = namesOf(live);
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

const rewriteLine = (line: string, at: number, upstreamName: (model: string) => string): string => {
  if (line.trim() === '') return line;
  let request: JsonObject;
  try {
    request = JSON.parse(line) as JsonObject;
  } catch (cause) {
    throw new SluiceError('invalid_request', `Line ${at + 1} of the batch is not JSON.`, { param: 'file', cause });
  }
  const body = request['body'] as JsonObject | undefined;
  const model = body?.['model'];
  if (typeof model !== 'string') return line;
  const name = upstreamName(model);
  return name === model ? line : JSON.stringify({ ...request, body: { ...body, model: name } });
};

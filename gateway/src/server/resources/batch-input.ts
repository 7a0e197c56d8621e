import { SluiceError, type JsonObject } from 'sluice/kit';
import type { Live } from '../../pipeline/live.ts';

/** So many characters are worked on before others have their turn. */
const turnChars = 256 * 1024;

/**
 * The requests of a batch (JSON Lines) with the upstream's names of their models. Lines that name a model which is not
 * ours stay as they are.
 * @throws SluiceError `invalid_request` for a line that is no JSON
 */
export const rewriteBatch = async (file: Blob, { router }: Live): Promise<Blob> => {
  const names = new Map<string, string>();
  const upstreamName = (model: string): string => {
    let name = names.get(model);
    if (name === undefined) {
      const found = router.match(model)[0];
      names.set(model, (name = found ? found.model : model));
    }
    return name;
  };
  const lines = (await file.text()).split('\n');
  const pieces: string[] = [];
  let worked = 0;
  for (const [at, line] of lines.entries()) {
    pieces.push(rewriteLine(line, at, upstreamName));
    worked += line.length;
    if (worked < turnChars) continue;
    worked = 0;
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return new Blob([pieces.join('\n')], { type: file.type });
};

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

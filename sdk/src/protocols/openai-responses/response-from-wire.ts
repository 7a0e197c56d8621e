import { SluiceError, type ChatResult, type DecodeHints, type JsonObject } from '../../types/index.ts';
import { createCollector } from '../shared/collect.ts';
import { asObjects } from '../shared/read.ts';
import { readStreamError } from './errors.ts';
import { ResponseReader } from './response-reader.ts';

/**
 * A whole answer. It is read as its own stream would be, so that the two cannot drift.
 * @throws SluiceError `invalid_response` where it is not a response; the response's own error if it failed
 */
export const fromWire = (body: JsonObject, hints?: DecodeHints): ChatResult => {
  if (body['status'] === 'failed' || (body['error'] !== null && body['error'] !== undefined)) throw readStreamError(body);
  if (!Array.isArray(body['output'])) throw new SluiceError('invalid_response', "The provider's answer has no 'output' list.");
  const collector = createCollector();
  const reader = new ResponseReader(collector.push, hints);
  reader.start(body);
  asObjects(body['output']).forEach((item, at) => reader.done({ output_index: at, item }));
  reader.finish(body);
  return collector.result();
};

import { SluiceError, type ChatResult, type DecodeHints, type FromResultContext, type JsonObject, type Usage } from '../../types/index.ts';
import { createCollector, explode } from '../shared/collect.ts';
import { asObject } from '../shared/read.ts';
import { AnswerReader } from './answer-reader.ts';
import { AnswerWriter } from './answer-writer.ts';
import { errorFromBody } from './errors.ts';
import { readUsage } from './usage.ts';
import { eventsOf, foldEvents } from './whole.ts';

/** @throws SluiceError `invalid_response`, or the error that the body is */
export const fromWire = (body: JsonObject, hints?: DecodeHints): ChatResult => {
  if (!asObject(body['message'])) {
    if (typeof body['message'] === 'string') throw errorFromBody(body);
    throw new SluiceError('invalid_response', 'The provider sent something that is not an answer.');
  }
  const collector = createCollector();
  const reader = new AnswerReader(hints);
  for (const event of eventsOf(body)) reader.read(event, collector.push);
  return collector.result();
};

export const toWire = (result: ChatResult, context: FromResultContext): JsonObject => {
  const writer = new AnswerWriter(context);
  const events: JsonObject[] = [];
  explode(result, (part) => void events.push(...writer.push(part)));
  return foldEvents(events);
};

export const usage = (body: JsonObject): Usage | undefined => readUsage(body['usage']);

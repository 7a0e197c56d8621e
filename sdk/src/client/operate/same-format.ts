import { createSseParser } from '../../lib/sse.ts';
import { isObject } from '../../protocols/shared/read.ts';
import { upstreamUrl } from '../../providers/index.ts';
import type { JsonObject, Operation, Speaks, Usage } from '../../types/index.ts';
import { parseAnswer } from '../whole-answer.ts';
import { byteAnswer } from './byte-answer.ts';
import type { OperationAnswer, OperationCall } from './call.ts';
import { idSegment } from './id-segment.ts';
import type { Session } from './session.ts';
import { usageOf } from './usage.ts';
import { streamOf } from './wire.ts';

const methods: { readonly [K in Operation]?: 'GET' | 'DELETE' } = {
  'video-retrieve': 'GET',
  'video-content': 'GET',
  'video-delete': 'DELETE',
};

/**
 * A call to a vendor that speaks the clients' own format: what came goes on with the model's name replaced, and the answer
 * comes back as it is, while its usage is read.
 */
export const relayCall = async (call: OperationCall, speaks: Speaks, session: Session): Promise<OperationAnswer> => {
  const { operation, target, known } = call;
  const method = methods[operation] ?? 'POST';
  const { contentType, body } = method === 'POST' ? await call.relay(membersOf(call)) : {};
  const response = await session.send({
    method,
    url: withVariant(fillId(upstreamUrl(target, speaks, known['stream'] === true), known), operation, known),
    headers: { accept: '*/*', ...(contentType !== undefined && { 'content-type': contentType }) },
    ...(body !== undefined && { body }),
    trusted: true,
  });
  const { facts } = session;
  facts.same = true;
  const type = response.headers.get('content-type') ?? '';
  if (/\bjson\b/.test(type)) {
    const bytes = await session.bytes(response);
    facts.firstOutputAt = facts.endedAt = session.now();
    const json = parseAnswer(bytes, response);
    const usage = usageOf(operation, known, json);
    if (usage) facts.usage = usage;
    session.close();
    return { kind: 'whole', facts, body: bytes, contentType: type, json: () => json };
  }
  const events = type.includes('event-stream') ? createUsageTap(operation, known) : undefined;
  const usage = events?.usage ?? ((): Usage | undefined => usageOf(operation, known, {}));
  return byteAnswer(session, streamOf(response), { ...events, usage });
};

/** What a deployment sets: the upstream's model, its defaults for what the client did not say, its own members. */
const membersOf = ({ target, known }: OperationCall): JsonObject => ({
  ...Object.fromEntries(Object.entries(target.defaults ?? {}).filter(([name]) => known[name] === undefined)),
  ...target.extraBody,
  ...(known['id'] === undefined && { model: target.model }),
});

const fillId = (url: string, { id }: JsonObject): string =>
  typeof id === 'string' ? url.replaceAll(/\{id\}|%7Bid%7D/g, () => idSegment(id)) : url;

const withVariant = (url: string, operation: Operation, { variant }: JsonObject): string =>
  operation === 'video-content' && typeof variant === 'string'
    ? `${url}${url.includes('?') ? '&' : '?'}variant=${encodeURIComponent(variant)}`
    : url;

/** Reads usage from the last events of a stream of images, speech or transcripts; those in between are not looked into. */
const createUsageTap = (operation: Operation, known: JsonObject): { see(bytes: Uint8Array): void; usage(): Usage | undefined } => {
  let found: Usage | undefined;
  const parser = createSseParser(({ data }) => {
    if (!data.includes('"usage"')) return;
    const event = parsed(data);
    if (event) found = usageOf(operation, known, event) ?? found;
  });
  let broken = false;
  return {
    see(bytes) {
      if (broken) return;
      try {
        parser.push(bytes);
      } catch {
        // The bytes go on as they are; only their usage is lost.
        broken = true;
      }
    },
    usage: () => found ?? usageOf(operation, known, {}),
  };
};

const parsed = (data: string): JsonObject | undefined => {
  try {
    const value: unknown = JSON.parse(data);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

import { SluiceError, type AnswerTap, type CallFacts, type TransportResponse } from 'sluice/kit';
import { overheadOf } from '../../pipeline/record.ts';
import type { Handling } from '../handling.ts';
import { addCost } from '../response-headers.ts';
import type { RelayClock } from './relay-clock.ts';
import { answerHeaders, relayedLocation } from './relay-headers.ts';

export interface RelayAnswer {
  response: TransportResponse;
  facts: CallFacts;
  tap: AnswerTap;
  clock: RelayClock;
  /** As it was asked. */
  url: string;
  base: string;
  prefix: string;
  path: string;
  costUsd: number | undefined;
}

/** Statuses whose answers have no body (https://fetch.spec.whatwg.org/#null-body-status). */
const bodyless: ReadonlySet<number> = new Set([204, 205, 304]);

/** A provider's answer as it goes out: status, headers and bytes as they came, pulled by the client; accounted at its end. */
export const relayAnswer = (handling: Handling, answer: RelayAnswer): Response => {
  const { response, facts, tap, clock, url, base, prefix, path, costUsd } = answer;
  const { state, request } = handling;
  state.stream = /^text\/event-stream\b|ndjson|eventstream/i.test(response.headers.get('content-type') ?? '');
  facts.firstOutputAt = facts.headersAt;
  facts.endedAt = facts.headersAt;
  // What a request costs may be said by the configuration: it is known before anything is counted.
  if (costUsd !== undefined) facts.usage = { inputTokens: 0, outputTokens: 0, providerCostUsd: costUsd };
  const own = handling.headers();
  state.facts = facts;
  if (costUsd !== undefined) addCost(own, state);
  state.overheadMs = overheadOf(state, state.clock());
  const front = base.split('?')[0]!;
  const place = { prefix, base: front.endsWith(path) ? front.slice(0, front.length - path.length) : front };
  const location = relayedLocation(response.headers.get('location'), url, place);
  const headers = answerHeaders(response.headers, own, location);

  const end = (failure: unknown) => {
    clock.stop();
    tap.end();
    facts.endedAt = state.clock();
    const { usage } = tap;
    // A look at what was made before tells what that used: it was paid for then.
    if (usage && !state.free) facts.usage = { ...usage, ...(costUsd !== undefined && { providerCostUsd: costUsd }) };
    if (costUsd === undefined) facts.uncountedTokens = () => tap.uncounted;
    if (facts.model === '' && tap.model !== undefined) facts.model = tap.model;
    handling.ended(response.status, failure);
  };

  if (bodyless.has(response.status) || request.method === 'HEAD') {
    response.cancel();
    end(undefined);
    return new Response(null, { status: response.status, headers });
  }

  let over = false;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const bytes = await clock.awaitPiece(response.read());
          if (over) return;
          if (bytes) {
            tap.push(bytes);
            return controller.enqueue(bytes);
          }
          over = true;
          // Written down before the client knows that it has all.
          end(undefined);
          controller.close();
        } catch (cause) {
          if (over) return;
          over = true;
          const error = SluiceError.from(cause);
          response.cancel();
          // What went out cannot be taken back: the connection is closed in the middle, so that it is no whole answer.
          controller.error(error);
          end(error);
        }
      },
      cancel() {
        if (over) return;
        over = true;
        handling.cancel();
        response.cancel();
        end(new SluiceError('client_closed_request', 'The client closed the connection.'));
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>, { status: response.status, headers });
};

import { createSseParser, formatSse, type SseEvent } from '../../lib/sse.ts';
import type { JsonObject, TransportResponse } from '../../types/index.ts';
import { cancelPrediction } from './cancel.ts';
import { about, isRunning, readWhole, type Prediction } from './prediction.ts';

/** What is told of a stream's events: those of its logs and pings say nothing of the answer. */
const told: ReadonlySet<string | undefined> = new Set(['output', 'error', 'done']);

/** Looks for the counts of a prediction whose stream has ended, and the pause between two, in milliseconds. */
const maxLooks = 3;
const pauseMs = 250;

const encoder = new TextEncoder();

/**
 * The stream of a prediction as JSON events: `{ output }`, `{ error }`, and at the end the prediction itself, whose metrics
 * hold the tokens that the stream does not tell. Behind `done` nothing is waited for: the vendor leaves the connection open.
 * @param prediction undefined where there is none to look at
 */
export const predictionStream = (response: TransportResponse, prediction: Prediction | undefined): TransportResponse => {
  let written = '';
  let ended: SseEvent | undefined;
  let done = false;
  const parser = createSseParser((event) => {
    if (ended || !told.has(event.event)) return;
    if (event.event === 'done') ended = event;
    else written += formatSse({ data: JSON.stringify(event.event === 'error' ? { error: event.data } : { output: event.data }) });
  });

  const take = (): Uint8Array | undefined => {
    const text = written;
    written = '';
    return text === '' ? undefined : encoder.encode(text);
  };

  /** The last event: why the prediction ended, and what it took. */
  const lastOf = async ({ data }: SseEvent): Promise<Uint8Array> => {
    response.cancel();
    const metrics = prediction && (await metricsOf(prediction));
    const last: JsonObject = { status: statusOf(data), ...(metrics !== undefined && { metrics }) };
    return encoder.encode(written + formatSse({ data: JSON.stringify(last) }));
  };

  return {
    status: response.status,
    headers: response.headers,
    async read() {
      while (!done) {
        const bytes = await response.read();
        if (bytes === undefined) parser.close();
        else parser.push(bytes);
        done = ended !== undefined || bytes === undefined;
        if (ended) return lastOf(ended);
        const chunk = take();
        if (chunk) return chunk;
      }
      return undefined;
    },
    bytes: (maxBytes) => response.bytes(maxBytes),
    cancel() {
      if (!done && prediction) cancelPrediction(prediction);
      done = true;
      response.cancel();
    },
  };
};

/** `{}`, or why it ended otherwise: `{ "reason": "canceled" }`. */
const statusOf = (data: string): string => {
  const reason = /"reason"\s*:\s*"(\w+)"/.exec(data)?.[1];
  return reason === 'canceled' ? 'canceled' : reason === 'error' ? 'failed' : 'succeeded';
};

/** The answer is complete without its counts, so nothing that fails here is told. */
const metricsOf = async (prediction: Prediction): Promise<unknown> => {
  try {
    for (let looks = 0; looks < maxLooks; looks++) {
      if (looks > 0) await prediction.sleep(pauseMs, prediction.request.signal);
      const { json } = await readWhole(await prediction.network(about(prediction, 'GET')));
      if (json && !isRunning(json)) return json['metrics'];
    }
  } catch {
    return undefined;
  }
  return undefined;
};

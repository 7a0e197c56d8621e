import { SluiceError, type JsonObject, type Transport, type TransportResponse } from '../../types/index.ts';
import { cancelPrediction } from './cancel.ts';
import { about, isRunning, readWhole, type Prediction, type Read, type Sleep } from './prediction.ts';
import { predictionStream } from './stream.ts';

const realSleep: Sleep = (ms, signal) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', leave);
      resolve();
    }, ms);
    const leave = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    if (signal?.aborted) leave();
    else signal?.addEventListener('abort', leave, { once: true });
  });

/** Between two looks at a prediction, in milliseconds: often at first, since most answers are short. */
const firstWaitMs = 250;
const longestWaitMs = 2000;

/** Ids are short words; what is none is not put into a path. */
const idPattern = /^[\w-]{1,128}$/;

const isJson = ({ headers }: TransportResponse): boolean => /\bjson\b/.test(headers.get('content-type') ?? '');
const isStream = ({ headers }: TransportResponse): boolean => (headers.get('content-type') ?? '').includes('event-stream');

/** An answer that was read already, for whoever reads it again. */
const readAgain = ({ response, bytes }: Read): TransportResponse => {
  let left: Uint8Array | undefined = bytes;
  const take = (): Uint8Array | undefined => {
    const taken = left;
    left = undefined;
    return taken;
  };
  return {
    status: response.status,
    headers: response.headers,
    read: async () => take(),
    bytes: async () => take() ?? new Uint8Array(),
    cancel: () => {},
  };
};

/**
 * One chat request as all the requests that it takes. Whole answers are waited for by the vendor (`Prefer: wait`, for a
 * minute) and then looked at; streams are opened where the prediction says. What fails, fails as it came.
 */
export const createPredictions =
  (sleep: Sleep = realSleep) =>
  (network: Transport): Transport =>
  async (request) => {
    const streamed = request.headers['accept'] === 'text/event-stream';
    const headers = { ...request.headers, accept: 'application/json', ...(!streamed && { prefer: request.headers['prefer'] ?? 'wait' }) };
    const response = await network({ ...request, headers });
    // Cog's own server answers with the stream itself.
    if (isStream(response)) return predictionStream(response, undefined);
    if (response.status < 200 || response.status > 299 || !isJson(response)) return response;
    const made = await readWhole(response);
    const id = made.json?.['id'];
    if (!made.json || typeof id !== 'string' || !idPattern.test(id)) return readAgain(made);
    const base = request.url.replace(/\/(?:(?:models|deployments)\/[^?]*\/)?predictions(?:\?.*)?$/, '');
    const prediction: Prediction = { network, request: { ...request, headers }, base, id, sleep };
    try {
      const stream = streamed && isRunning(made.json) ? await openStream(prediction, made.json) : undefined;
      return stream ?? readAgain(await finished(prediction, made));
    } catch (error) {
      // Nobody waits for it any longer, and every second of it is billed.
      cancelPrediction(prediction);
      throw error;
    }
  };

/** The prediction once it has ended, or the failed answer about it. @throws the signal's reason */
const finished = async (prediction: Prediction, first: Read): Promise<Read> => {
  let look = first;
  for (let waitMs = firstWaitMs; look.json && isRunning(look.json); waitMs = Math.min(waitMs * 1.5, longestWaitMs)) {
    await prediction.sleep(waitMs, prediction.request.signal);
    const response = await prediction.network(about(prediction, 'GET'));
    look = await readWhole(response);
    if (response.status < 200 || response.status > 299) return look;
  }
  return look;
};

/** Hosts that the vendor streams from. */
const streamHosts = /(?:^|\.)replicate\.(?:com|net|delivery)$/;
/** Of these, those that are given the key. */
const ownHosts = /(?:^|\.)replicate\.(?:com|net)$/;

/** @returns undefined where the model does not stream */
const openStream = async (prediction: Prediction, made: JsonObject): Promise<TransportResponse | undefined> => {
  const { network, request } = prediction;
  const given = (made['urls'] as JsonObject | undefined)?.['stream'];
  if (typeof given !== 'string') return undefined;
  const url = parsed(given);
  const asked = new URL(request.url);
  const same = url?.origin === asked.origin;
  if (!url || !(same || (url.protocol === 'https:' && url.port === '' && url.username === '' && streamHosts.test(url.hostname)))) {
    throw new SluiceError('invalid_response', 'The provider named a stream at a host that is not its own.', { retry: false });
  }
  const { prefer: _prefer, 'content-type': _type, authorization, ...headers } = request.headers;
  const response = await network({
    method: 'GET',
    url: url.href,
    headers: {
      ...(same ? headers : {}),
      ...(authorization !== undefined && (same || ownHosts.test(url.hostname)) && { authorization }),
      accept: 'text/event-stream',
      'cache-control': 'no-store',
    },
    ...(request.signal && { signal: request.signal }),
    ...(request.connectTimeoutMs !== undefined && { connectTimeoutMs: request.connectTimeoutMs }),
  });
  return isStream(response) ? predictionStream(response, prediction) : response;
};

const parsed = (url: string): URL | undefined => {
  try {
    return new URL(url);
  } catch {
    return undefined;
  }
};

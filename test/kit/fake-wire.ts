import {
  SluiceError,
  type ByteStream,
  type JsonObject,
  type MediaFile,
  type Provider,
  type Target,
  type Wire,
  type WireCall,
} from '../../sdk/src/types/index.ts';

/** One answer of a fake vendor. */
export interface FakeAnswer {
  /** Absent: 200. Others than 2xx are thrown, as the engine throws them. */
  status?: number;
  headers?: Record<string, string>;
  json?: unknown;
  /** Pieces of a body of bytes, as they come. */
  bytes?: readonly Uint8Array[];
  /** What the connection does instead of answering. */
  fails?: SluiceError;
}

export interface FakeWireOptions {
  provider?: Provider;
  model?: string;
  /** What else the target holds (`options`, `baseUrl`, ...). */
  target?: Partial<Target>;
  dropParams?: boolean;
  /** `sleep` throws this after so many waits: a call that is cancelled. */
  cancelAfterWaits?: number;
}

export interface FakeWire {
  wire: Wire;
  /** What was sent, in order. */
  calls: WireCall[];
  /** Parameters that were named as lacking; without `dropParams` the first one is thrown. */
  lacking: string[];
  dropped: { what: string; why: string }[];
  /** Milliseconds of each wait. Time goes on by them and stands still else. */
  waits: number[];
  /** Answers that nobody asked for yet. */
  left(): number;
  /** Streams that were cancelled. */
  cancelled: number;
}

const noProvider: Provider = {
  id: 'fake',
  label: 'Fake',
  auth: { kind: 'none' },
  keyEnv: [],
  speaks: {},
  source: 'https://example.test, 2026-11-22',
};

/** A wire over a list of answers, which writes down what an adapter sends. One request more than there are answers fails. */
export const fakeWire = (answers: readonly FakeAnswer[], options: FakeWireOptions = {}): FakeWire => {
  const { provider = noProvider, model = 'm', dropParams = false, cancelAfterWaits = Infinity } = options;
  const queue = [...answers];
  let now = 1_700_000_000_000;

  const next = (call: WireCall): FakeAnswer => {
    fake.calls.push(call);
    const bodies = [call.json, call.form, call.bytes].filter((body) => body !== undefined);
    if (bodies.length > 1) throw new Error('A request has one body.');
    const answer = queue.shift();
    if (!answer) throw new Error(`No answer is left for ${call.method ?? (bodies.length > 0 ? 'POST' : 'GET')} ${call.url}`);
    if (answer.fails) throw answer.fails;
    const { status = 200 } = answer;
    if (status < 200 || status > 299)
      throw new SluiceError(status === 404 ? 'not_found' : status < 500 ? 'invalid_request' : 'internal', JSON.stringify(answer.json), {
        status,
        upstream: { body: answer.json },
      });
    return answer;
  };

  const jsonOf = (answer: FakeAnswer): JsonObject => {
    if (typeof answer.json !== 'object' || answer.json === null || Array.isArray(answer.json))
      throw new SluiceError('invalid_response', 'not a JSON object');
    return answer.json as JsonObject;
  };

  const stream = (answer: FakeAnswer): ByteStream & { headers: Headers } => {
    const pieces = [...(answer.bytes ?? [])];
    const headers = new Headers(answer.headers);
    return {
      headers,
      contentType: headers.get('content-type') ?? '',
      read: () => Promise.resolve(pieces.shift()),
      cancel: () => {
        pieces.length = 0;
        fake.cancelled++;
      },
    };
  };

  let fake: FakeWire;
  const wire: Wire = {
    target: { provider, model, ...options.target },
    model,
    lacks(parameter, why) {
      fake.lacking.push(parameter);
      if (!dropParams) throw new SluiceError('unsupported_parameter', why ?? `no ${parameter}`, { param: parameter });
    },
    drop: (what, why) => void fake.dropped.push({ what, why }),
    json: async (call) => jsonOf(next(call)),
    answer: async (call) => {
      const answer = next(call);
      return { json: jsonOf(answer), headers: new Headers(answer.headers), status: answer.status ?? 200 };
    },
    stream: async (call) => stream(next(call)),
    file: async (call): Promise<MediaFile> => {
      const answer = next(call);
      const type = answer.headers?.['content-type'] ?? '';
      return { bytes: new Blob([...(answer.bytes ?? [])] as BlobPart[], { type }), name: '', type };
    },
    sleep: async (ms) => {
      fake.waits.push(ms);
      now += ms;
      if (fake.waits.length > cancelAfterWaits) throw new SluiceError('client_closed_request', 'cancelled');
    },
    now: () => now,
  };
  fake = { wire, calls: [], lacking: [], dropped: [], waits: [], left: () => queue.length, cancelled: 0 };
  return fake;
};

import { Canceller, createNdjsonParser, SluiceError, type CancelSignal, type TransportRequest, type TransportResponse } from 'sluice/kit';
import { SourceError, type SourceContext } from './source.ts';

export interface Asked {
  /** In lower case. */
  headers: Headers;
  /** What the JSON of the body says. */
  value: unknown;
}

type Request = Pick<TransportRequest, 'method' | 'url' | 'headers'> & { body?: string };

/** One request with a JSON answer, bounded in time and size. @throws SourceError, SluiceError */
export const askJson = (request: Request, context: SourceContext, signal: CancelSignal, timeoutMs = context.timeoutMs): Promise<Asked> =>
  withDeadline(signal, timeoutMs, 'It', async (inner) => {
    const response = await send(request, context, inner);
    return { headers: response.headers, value: parse(await wholeBody(response, context.maxBytes)) };
  });

/**
 * One request with an answer of lines of JSON, which may take for ever: it is given up after `lifeMs`, without an error.
 * @param onLine throws to end it with a failure
 */
export const askLines = async (
  request: Request,
  context: SourceContext,
  signal: CancelSignal,
  lifeMs: number,
  onLine: (value: unknown) => void,
): Promise<void> => {
  const over = new SourceError('It was listened to long enough.');
  const failure = await withDeadline(signal, lifeMs, over, async (inner) => {
    const response = await withDeadline(inner, context.timeoutMs, 'It', (head) => send(request, context, head), true);
    const parser = createNdjsonParser((line) => onLine(parse(line)), context.maxBytes);
    const stop = () => response.cancel();
    inner.addEventListener('abort', stop);
    try {
      for (let bytes = await response.read(); bytes && !inner.aborted; bytes = await response.read()) parser.push(bytes);
      if (!inner.aborted) parser.close();
    } finally {
      inner.removeEventListener('abort', stop);
      response.cancel();
    }
    inner.throwIfAborted();
  }).catch((cause: unknown) => cause);
  if (failure !== undefined && failure !== over) throw failure;
};

const send = async (
  { body, ...request }: Request,
  { transport, timeoutMs }: SourceContext,
  signal: CancelSignal,
): Promise<TransportResponse> => {
  const response = await transport({ ...request, ...(body !== undefined && { body }), signal, connectTimeoutMs: timeoutMs });
  if (response.status === 200) return response;
  response.cancel();
  throw new SourceError(`It answered ${response.status}.`);
};

const wholeBody = async (response: TransportResponse, maxBytes: number): Promise<string> => {
  try {
    return new TextDecoder().decode(await response.bytes(maxBytes));
  } catch (cause) {
    // The transport's word for it is about providers.
    if (SluiceError.is(cause) && cause.code === 'invalid_response') throw new SourceError(`Its answer is larger than ${maxBytes} bytes.`);
    throw cause;
  }
};

/** The parser's own words quote the text. */
const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new SourceError('Its answer is not JSON.');
  }
};

/**
 * @param late what is thrown where time is up; a text: who took too long
 * @param goesOn the signal is that of something which outlives the call: its owner's aborting is still heard
 */
const withDeadline = async <T>(
  outer: CancelSignal,
  ms: number,
  late: string | SourceError,
  run: (signal: CancelSignal) => Promise<T>,
  goesOn = false,
): Promise<T> => {
  const inner = new Canceller();
  const follow = () => inner.abort(outer.reason);
  if (outer.aborted) follow();
  outer.addEventListener('abort', follow);
  const timer = setTimeout(() => inner.abort(typeof late === 'string' ? new SourceError(`${late} took longer than ${ms} ms.`) : late), ms);
  let done = false;
  try {
    const result = await run(inner);
    done = true;
    return result;
  } catch (cause) {
    // The transport's word for an aborted signal is that the caller left.
    throw inner.aborted ? inner.reason : cause;
  } finally {
    clearTimeout(timer);
    if (!goesOn || !done) outer.removeEventListener('abort', follow);
  }
};

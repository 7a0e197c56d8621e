import { SluiceError, type BodySource, type TransportRequest } from '../types/index.ts';

/** Whether a body is sent as it comes. */
export const isBodySource = (body: TransportRequest['body']): body is BodySource =>
  body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array);

/** The source as a stream of the platform: it reads no further ahead than one piece. */
export const streamOf = (source: BodySource): ReadableStream<Uint8Array<ArrayBuffer>> =>
  new ReadableStream(
    {
      async pull(controller) {
        let bytes: Uint8Array | undefined;
        do bytes = await source.read();
        while (bytes?.length === 0);
        if (bytes) controller.enqueue(bytes as Uint8Array<ArrayBuffer>);
        else controller.close();
      },
      cancel: () => source.cancel(),
    },
    { highWaterMark: 0 },
  );

/** A whole body as text, for transports that are a provider themselves. @throws SluiceError `request_too_large` for a source beyond `maxBytes` */
export const bodyText = async (body: TransportRequest['body'], maxBytes: number): Promise<string> => {
  if (typeof body === 'string') return body;
  const decoder = new TextDecoder();
  if (!isBodySource(body)) return decoder.decode(body);
  let text = '';
  let length = 0;
  for (let bytes = await body.read(); bytes; bytes = await body.read()) {
    length += bytes.length;
    if (length > maxBytes) {
      body.cancel();
      throw new SluiceError('request_too_large', `The request's body is larger than ${maxBytes} bytes.`);
    }
    text += decoder.decode(bytes, { stream: true });
  }
  return text + decoder.decode();
};

/** Messages of an AWS event stream, written simply: what the kit's upstreams send. */

const encoder = new TextEncoder();

const header = (name: string, value: string): Uint8Array => {
  const [key, text] = [encoder.encode(name), encoder.encode(value)];
  return Uint8Array.from([key.length, ...key, 7, text.length >> 8, text.length & 255, ...text]);
};

const message = (name: string, data: object, kind: 'event' | 'exception' = 'event'): Uint8Array<ArrayBuffer> => {
  const headers = Buffer.concat([
    header(`:${kind}-type`, name),
    header(':content-type', 'application/json'),
    header(':message-type', kind),
  ]);
  const payload = encoder.encode(JSON.stringify(data));
  const bytes = Buffer.alloc(12 + headers.length + payload.length + 4);
  bytes.writeUInt32BE(bytes.length, 0);
  bytes.writeUInt32BE(headers.length, 4);
  bytes.writeUInt32BE(Bun.hash.crc32(bytes.subarray(0, 8)), 8);
  headers.copy(bytes, 12);
  bytes.set(payload, 12 + headers.length);
  bytes.writeUInt32BE(Bun.hash.crc32(bytes.subarray(0, bytes.length - 4)), bytes.length - 4);
  return new Uint8Array(bytes);
};

export const eventStream = (...events: { event: string; data: object }[]): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.concat(events.map(({ event, data }) => message(event, data))));

/** What AWS sends in place of the next event when it gives up. */
export const exceptionMessage = (name: string, data: object): Uint8Array<ArrayBuffer> => message(name, data, 'exception');

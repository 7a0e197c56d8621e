/*
 * The framing of AWS's event streams (smithy.io/2.0/aws/amazon-eventstream.html): lengths and a checksum in front, headers
 * of name, type and value, the payload, and a checksum of all.
 */

const encoder = new TextEncoder();
const stringType = 7;

const number = (value: number, bytes: 2 | 4): Uint8Array => {
  const view = new DataView(new ArrayBuffer(bytes));
  if (bytes === 2) view.setUint16(0, value);
  else view.setUint32(0, value);
  return new Uint8Array(view.buffer);
};

const join = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
const checksum = (bytes: Uint8Array): Uint8Array => number(Bun.hash.crc32(bytes), 4);

/** One message. `kind`: `event`, or `exception`, which ends a stream. */
export const message = (kind: 'event' | 'exception', type: string, payload: unknown): Uint8Array => {
  const fields = { [`:${kind}-type`]: type, ':content-type': 'application/json', ':message-type': kind };
  const headers = join(
    ...Object.entries(fields).map(([name, value]) => {
      const [key, text] = [encoder.encode(name), encoder.encode(value)];
      return join(new Uint8Array([key.length]), key, new Uint8Array([stringType]), number(text.length, 2), text);
    }),
  );
  const body = encoder.encode(JSON.stringify(payload));
  const prelude = join(number(16 + headers.length + body.length, 4), number(headers.length, 4));
  const whole = join(prelude, checksum(prelude), headers, body);
  return join(whole, checksum(whole));
};

/** Codes that stand for "none was said" or "it broke", and are never sent (RFC 6455, section 7.4.1), become another. */
export const sendableCode = (code: number, instead: number): number =>
  code === 1005 ? 1000 : code < 1000 || code === 1004 || code === 1006 || code === 1015 || code > 4999 ? instead : code;

const maxBytes = 123;

/** A reason as it fits into a frame: 123 bytes of UTF-8, whole characters. */
export const shortReason = (reason: string): string => {
  if (Buffer.byteLength(reason) <= maxBytes) return reason;
  return Buffer.from(reason).subarray(0, maxBytes).toString('utf8').replace(/�+$/, '');
};

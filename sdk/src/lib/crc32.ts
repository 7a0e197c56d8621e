const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/**
 * CRC-32 as gzip has it (RFC 1952, section 8).
 * @param before the checksum of the bytes before these, to go on from
 * @returns unsigned
 */
export const crc32 = (bytes: Uint8Array, start = 0, end = bytes.length, before = 0): number => {
  let crc = ~before;
  for (let at = start; at < end; at++) crc = (crc >>> 8) ^ table[(crc ^ bytes[at]!) & 0xff]!;
  return ~crc >>> 0;
};

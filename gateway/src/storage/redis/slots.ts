/*
 * Redis Cluster's map of keys (redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec, read 2026-11-22):
 * 16,384 slots, by CRC16 (XMODEM: polynomial 0x1021, begins with 0) of what stands in the first `{}` of a key, or of the
 * whole key.
 */
const slotCount = 16_384;

const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  return crc & 0xffff;
});

const utf8 = new TextEncoder();

/** From 0 to 16,383. */
export const slotOf = (key: string): number => {
  const open = key.indexOf('{');
  const close = open === -1 ? -1 : key.indexOf('}', open + 1);
  const hashed = close > open + 1 ? key.slice(open + 1, close) : key;
  let crc = 0;
  for (const byte of utf8.encode(hashed)) crc = ((crc << 8) & 0xffff) ^ table[((crc >> 8) ^ byte) & 0xff]!;
  return crc % slotCount;
};

/** Where a server of a cluster says that a key is. */
export interface Redirect {
  /** For this command alone: the slot is on its way there. */
  readonly ask: boolean;
  readonly slot: number;
  /** Empty: the host that said so. */
  readonly host: string;
  readonly port: number;
}

/** Reads `MOVED 3999 127.0.0.1:6381` and `ASK ...`; undefined for any other error. */
export const redirectOf = (message: string): Redirect | undefined => {
  const found = /^(MOVED|ASK) (\d+) (.*):(\d+)$/.exec(message.trim());
  return found ? { ask: found[1] === 'ASK', slot: Number(found[2]), host: found[3]!, port: Number(found[4]) } : undefined;
};

/** Slots and the server that has them. */
export interface SlotRange {
  readonly from: number;
  readonly to: number;
  readonly host: string;
  readonly port: number;
}

/** Reads the reply of `CLUSTER SLOTS`; what is not understood is left out. */
export const slotRangesOf = (reply: unknown): SlotRange[] => {
  const ranges: SlotRange[] = [];
  for (const row of Array.isArray(reply) ? (reply as unknown[]) : []) {
    const [from, to, first] = Array.isArray(row) ? (row as unknown[]) : [];
    const [host, port] = Array.isArray(first) ? (first as unknown[]) : [];
    if (typeof from !== 'number' || typeof to !== 'number' || typeof port !== 'number') continue;
    ranges.push({ from, to, host: typeof host === 'string' ? host : '', port });
  }
  return ranges;
};

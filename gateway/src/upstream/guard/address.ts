/** An IP address as its bytes: 4 of them, or 16. */
export type Address = readonly number[];

/** @returns undefined for what is no address in its canonical spelling (`URL` makes that of every other one). IPv6 without brackets and zone */
export const parseAddress = (text: string): Address | undefined => (text.includes(':') ? parseV6(text) : parseV4(text));

const decimal = /^(?:0|[1-9]\d{0,2})$/;
const hex = /^[0-9a-f]{1,4}$/i;

const parseV4 = (text: string): Address | undefined => {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => decimal.test(part) && Number(part) < 256)) return undefined;
  return parts.map(Number);
};

const parseV6 = (text: string): Address | undefined => {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half, index) => bytesOfGroups(half, index === halves.length - 1));
  if (!head) return undefined;
  if (halves.length === 1) return head.length === 16 ? head : undefined;
  if (!tail || head.length + tail.length > 14) return undefined;
  return [...head, ...Array<number>(16 - head.length - tail.length).fill(0), ...tail];
};

const bytesOfGroups = (text: string, last: boolean): number[] | undefined => {
  if (text === '') return [];
  const groups = text.split(':');
  const bytes: number[] = [];
  for (const [index, group] of groups.entries()) {
    // The last 32 bits may be written as IPv4.
    const v4 = last && index === groups.length - 1 && group.includes('.') ? parseV4(group) : undefined;
    if (v4) bytes.push(...v4);
    else if (hex.test(group)) bytes.push(Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff);
    else return undefined;
  }
  return bytes;
};

/** A block of addresses. */
export interface Block {
  start: Address;
  bits: number;
}

/** `10.0.0.0/8`, `fd00::/8`. */
export const parseBlock = (text: string): Block | undefined => {
  const slash = text.indexOf('/');
  const start = parseAddress(text.slice(0, slash));
  const bits = text.slice(slash + 1);
  if (slash === -1 || !start || !decimal.test(bits) || Number(bits) > start.length * 8) return undefined;
  return { start, bits: Number(bits) };
};

export const isWithin = (address: Address, { start, bits }: Block): boolean => {
  if (address.length !== start.length) return false;
  const whole = bits >> 3;
  for (let index = 0; index < whole; index++) if (address[index] !== start[index]) return false;
  const rest = bits & 7;
  return rest === 0 || ((address[whole] ?? 0) ^ (start[whole] ?? 0)) >> (8 - rest) === 0;
};

/** The IPv4 address within one that stands for it: mapped (`::ffff:0:0/96`), or made by NAT64 (`64:ff9b::/96`); else the address itself. */
export const unwrapped = (address: Address): Address => (embedding.some((block) => isWithin(address, block)) ? address.slice(12) : address);

const embedding = ['::ffff:0:0/96', '64:ff9b::/96'].map((text) => parseBlock(text)!);

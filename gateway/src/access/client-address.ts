import { BlockList, isIP } from 'node:net';

/** Networks in one list: `10.0.0.0/8`, `192.0.2.7`, `2001:db8::/32`. Made once, asked often. */
export class AddressList {
  readonly #list = new BlockList();
  readonly size: number;

  /** @throws Error that names what is no address */
  constructor(entries: readonly string[]) {
    for (const entry of entries) this.#add(entry.trim());
    this.size = entries.length;
  }

  has(address: string | undefined): boolean {
    const plain = address && withoutMapping(address);
    return plain !== undefined && isIP(plain) !== 0 && this.#list.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
  }

  #add(entry: string): void {
    const [address = '', bits, more] = entry.split('/');
    const version = isIP(address);
    const family = version === 6 ? 'ipv6' : 'ipv4';
    const most = version === 6 ? 128 : 32;
    if (version === 0 || more !== undefined || (bits !== undefined && (!/^\d{1,3}$/.test(bits) || Number(bits) > most)))
      throw new Error(`${JSON.stringify(entry.slice(0, 100))} is no IP address and no network (10.0.0.0/8)`);
    if (bits === undefined) this.#list.addAddress(address, family);
    else this.#list.addSubnet(address, Number(bits), family);
  }
}

/** IPv4 as a socket for both shows it. */
const withoutMapping = (address: string): string => (address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address);

export interface AddressOptions {
  /** `general_settings.use_x_forwarded_for` */
  readonly useForwarded: boolean;
  /** Whose word is taken for where a request is from. Empty: only the last one's, who has spoken to us. */
  readonly trustedProxies: AddressList;
}

/** The most entries of `x-forwarded-for` that are looked at. */
const maxHops = 32;

/**
 * Where a request comes from. Of `x-forwarded-for`, whose first part anybody can write, the last address that no trusted
 * proxy has is taken.
 */
export const clientAddressOf = (
  socket: string | undefined,
  headers: Headers,
  { useForwarded, trustedProxies }: AddressOptions,
): string | undefined => {
  const own = socket === undefined ? undefined : withoutMapping(socket);
  if (!useForwarded) return own;
  const forwarded = headers.get('x-forwarded-for');
  if (!forwarded || (trustedProxies.size > 0 && !trustedProxies.has(own))) return own;
  // From its end, however long it is: its beginning is whatever the client wrote.
  let end = forwarded.length;
  for (let seen = 0; seen < maxHops && end >= 0; seen++) {
    const comma = end === 0 ? -1 : forwarded.lastIndexOf(',', end - 1);
    const hop = withoutMapping(withoutPort(forwarded.slice(comma + 1, end).trim()));
    if (isIP(hop) === 0) return own;
    if (!trustedProxies.has(hop)) return hop;
    end = comma;
  }
  return own;
};

const withoutPort = (hop: string): string => {
  if (hop.startsWith('[')) return hop.slice(1, hop.indexOf(']'));
  return hop.split(':').length === 2 ? hop.slice(0, hop.indexOf(':')) : hop;
};

import { isWithin, parseAddress, parseBlock, unwrapped, type Address, type Block } from './address.ts';

/** What an address is for, as far as a guard asks. */
export type AddressKind = 'public' | 'loopback' | 'private' | 'link-local' | 'metadata' | 'multicast' | 'reserved';

/**
 * Where clouds tell a machine its credentials: AWS, Google, Azure, Oracle, DigitalOcean (169.254.169.254), AWS's containers
 * (169.254.170.2 and .23, fd00:ec2::254 and ::23), Alibaba (100.100.100.200), Oracle's older one (192.0.0.192), Azure's
 * host (168.63.129.16, a public address). Read in the clouds' own documents, 2026-11-22.
 */
const metadata = [
  '169.254.169.254',
  '169.254.169.253',
  '169.254.170.2',
  '169.254.170.23',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  'fd00:ec2::254',
  'fd00:ec2::253',
  'fd00:ec2::23',
  'fd20:ce::254',
].map((text) => ({ start: parseAddress(text)!, bits: text.includes(':') ? 128 : 32 }));

const blocks = (kind: AddressKind, ...texts: string[]): [AddressKind, Block][] => texts.map((text) => [kind, parseBlock(text)!]);

/** The IANA's registries of special-purpose addresses, IPv4 and IPv6, and multicast (https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry, read 2026-11-22). */
const special: readonly (readonly [AddressKind, Block])[] = [
  ...blocks('loopback', '127.0.0.0/8', '::1/128'),
  ...blocks('private', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7', 'fec0::/10'),
  ...blocks('link-local', '169.254.0.0/16', 'fe80::/10'),
  ...blocks('multicast', '224.0.0.0/4', 'ff00::/8'),
  ...blocks(
    'reserved',
    '0.0.0.0/8',
    '192.0.0.0/24',
    '192.0.2.0/24',
    '192.88.99.0/24',
    '198.18.0.0/15',
    '198.51.100.0/24',
    '203.0.113.0/24',
    '240.0.0.0/4',
    // Teredo, ORCHID, benchmarking; documentation; 6to4, which carries any IPv4 address.
    '2001::/23',
    '2001:db8::/32',
    '2002::/16',
    '3fff::/20',
  ),
];

/** All that is handed out to the internet so far. */
const globalV6 = parseBlock('2000::/3')!;

export const kindOf = (address: Address): AddressKind => {
  const real = unwrapped(address);
  if (metadata.some((block) => isWithin(real, block))) return 'metadata';
  const found = special.find(([, block]) => isWithin(real, block));
  if (found) return found[0];
  return real.length === 4 || isWithin(real, globalV6) ? 'public' : 'reserved';
};

/** Whether a text is an address that gives away a machine's credentials. */
export const isMetadataAddress = (text: string): boolean => {
  const address = parseAddress(text);
  return address !== undefined && kindOf(address) === 'metadata';
};

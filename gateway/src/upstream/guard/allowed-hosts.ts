import { isWithin, parseBlock, unwrapped, type Address, type Block } from './address.ts';

/** What the operator allows beyond the internet. */
export interface AllowedHosts {
  /** Whether a URL may lead wherever its name does. */
  host(url: URL): boolean;
  address(address: Address): boolean;
}

/**
 * @param entries a host as it stands in the URL (`api.corp.internal`, `10.0.0.12`, `[::1]`), with its port or without;
 *   `*.corp.internal` for all names below one; a block of addresses (`10.0.0.0/8`), whatever name leads there
 */
export const allowedHosts = (entries: readonly string[]): AllowedHosts => {
  const hosts = new Set<string>();
  const endings: string[] = [];
  const blocks: Block[] = [];
  for (const entry of entries.map((each) => each.trim().toLowerCase())) {
    const block = parseBlock(entry);
    if (block) blocks.push(block);
    else if (entry.startsWith('*.')) endings.push(entry.slice(1));
    else hosts.add(entry);
  }
  return {
    host({ protocol, hostname, port }) {
      const name = hostname.replace(/\.$/, '');
      const withPort = `${name}:${port === '' ? (protocol === 'https:' ? 443 : 80) : port}`;
      const bare = name.startsWith('[') ? name.slice(1, -1) : name;
      return hosts.has(name) || hosts.has(bare) || hosts.has(withPort) || endings.some((ending) => name.endsWith(ending));
    },
    address: (address) => blocks.some((block) => isWithin(unwrapped(address), block)),
  };
};

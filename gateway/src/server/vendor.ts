/** A vendor whose SDK spells a shared format in its own way. */
export type Vendor = 'mistral';

/** Whose SDK calls, by the prefix that its address has or by the name that it gives itself; undefined: nobody's that matters. */
export const vendorOf = (path: string, headers: Headers): Vendor | undefined =>
  path.startsWith('/mistral/') || headers.get('user-agent')?.startsWith('mistral-client-') === true ? 'mistral' : undefined;

/** A vendor whose SDK spells a shared format, or a shared path, in its own way. */
export type Vendor = 'mistral' | 'cohere';

/** Whose SDK calls, by the prefix that its address has or by the name that it gives itself; undefined: nobody's that matters. */
export const vendorOf = (path: string, headers: Headers): Vendor | undefined => {
  if (path.startsWith('/mistral/') || headers.get('user-agent')?.startsWith('mistral-client-')) return 'mistral';
  return path.startsWith('/cohere/') || headers.get('x-fern-sdk-name') === 'cohere-ai' ? 'cohere' : undefined;
};

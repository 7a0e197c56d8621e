/** The query without the gateway's key, wherever it stands, and without `key`, which is one in the place that Google's clients have for it. */
export const withoutKey = (query: string, presented: string | undefined): string =>
  query
    .split('&')
    .filter((part) => {
      const [name = '', value = ''] = part.split('=', 2).map(decoded);
      return name !== 'key' && (presented === undefined || presented === '' || value !== presented);
    })
    .join('&');

/** The URL with the client's query, and of what is set beside it (in the URL, as a default) only what the client leaves out. */
export const withQuery = (url: string, query: string, defaults: Readonly<Record<string, string>> = {}): string => {
  const [base = '', own = ''] = url.split('?', 2);
  const given = query.split('&').filter((part) => part !== '');
  const names = new Set(given.map((part) => decoded(part.split('=')[0] ?? '')));
  const added = own.split('&').filter((part) => part !== '' && !names.has(decoded(part.split('=')[0] ?? '')));
  for (const [name, value] of Object.entries(defaults))
    if (!names.has(name)) added.push(`${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  const all = [...added, ...given];
  return all.length === 0 ? base : `${base}?${all.join('&')}`;
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
};

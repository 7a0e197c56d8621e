const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** A plain text, or an attribute's value, inside of markup. What XML cannot hold at all is left out. */
export const escapeXml = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- these are what XML 1.0 has no place for
  text.replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '').replace(/[&<>"']/g, (character) => entities[character]!);

/**
 * Fields of a client certificate, as proxies tell of it. Undefined wherever it could be read in two ways: what is between
 * commas and quotes is written by whoever asked for the certificate.
 */
export type CertificateFields = ReadonlyMap<string, readonly string[]>;

const maxLength = 16_384;

/** A subject as RFC 4514 has it: `CN=ci,OU=build\, test,O=Acme`. OpenSSL's old form with slashes cannot be told apart, and is not read. */
export const subjectFields = (text: string): CertificateFields | undefined => {
  if (text.length > maxLength || text.startsWith('/')) return undefined;
  const fields = new Map<string, string[]>();
  let at = 0;
  while (at < text.length) {
    const name = /\s*([A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)\s*=\s*/y;
    name.lastIndex = at;
    const found = name.exec(text);
    if (!found) return undefined;
    const value = attributeValue(text, name.lastIndex);
    if (!value) return undefined;
    const key = found[1]!.toUpperCase();
    fields.set(key, [...(fields.get(key) ?? []), value.text]);
    at = value.end;
    if (at < text.length) {
      if (!',+;'.includes(text[at]!)) return undefined;
      at++;
      if (at === text.length) return undefined;
    }
  }
  return fields.size > 0 ? fields : undefined;
};

const attributeValue = (text: string, from: number): { readonly text: string; readonly end: number } | undefined => {
  const quoted = text[from] === '"';
  const bytes: number[] = [];
  let kept = 0;
  let at = quoted ? from + 1 : from;
  for (; at < text.length; at++) {
    const character = text[at]!;
    if (quoted ? character === '"' : ',+;'.includes(character)) break;
    if (!quoted && '"<>'.includes(character)) return undefined;
    if (character !== '\\') {
      bytes.push(...Buffer.from(String.fromCodePoint(text.codePointAt(at)!)));
      if (text.codePointAt(at)! > 0xffff) at++;
      if (character !== ' ') kept = bytes.length;
      continue;
    }
    const hex = /^[0-9a-f]{2}/i.exec(text.slice(at + 1, at + 3));
    if (at + 1 >= text.length) return undefined;
    if (hex) bytes.push(Number.parseInt(hex[0], 16));
    else bytes.push(...Buffer.from(text[at + 1]!));
    at += hex ? 2 : 1;
    kept = bytes.length;
  }
  if (quoted) {
    if (text[at] !== '"') return undefined;
    kept = bytes.length;
    at++;
    while (text[at] === ' ') at++;
  }
  return { text: Buffer.from(bytes.slice(0, kept)).toString('utf8'), end: at };
};

/**
 * Envoy's `x-forwarded-client-cert` (envoyproxy.io/docs, "HTTP header manipulation", read 2026-11-22): elements with commas
 * between them, each `Key=value` with semicolons between, values with any of `,;=` in double quotes. The last element is of
 * whoever spoke to the nearest proxy; those before it anybody may have sent.
 */
export const xfccFields = (text: string): CertificateFields | undefined => {
  if (text.length > maxLength) return undefined;
  const element = splitOutsideQuotes(text, ',')?.at(-1);
  const pairs = element === undefined ? undefined : splitOutsideQuotes(element, ';');
  if (!pairs) return undefined;
  const fields = new Map<string, string[]>();
  for (const pair of pairs) {
    const [, name, value] = /^\s*([A-Za-z]+)=(.*?)\s*$/s.exec(pair) ?? [];
    if (name === undefined || value === undefined) return undefined;
    const plain = value.startsWith('"') ? unquoted(value) : value;
    if (plain === undefined) return undefined;
    const key = name.toUpperCase();
    if (plain !== '') fields.set(key, [...(fields.get(key) ?? []), plain]);
  }
  const [subject, ...more] = fields.get('SUBJECT') ?? [];
  if (subject === undefined || more.length > 0) return fields;
  // Attributes of the subject stand beside Envoy's own names, which are none of them.
  for (const [name, values] of subjectFields(subject) ?? []) if (!fields.has(name)) fields.set(name, [...values]);
  return fields;
};

const unquoted = (value: string): string | undefined =>
  value.length >= 2 && value.endsWith('"')
    ? value.slice(1, -1).replaceAll(/\\(.)/gs, (all, escaped: string) => (escaped === '"' ? escaped : all))
    : undefined;

/** Undefined: a quote is open at the end. */
const splitOutsideQuotes = (text: string, by: string): readonly string[] | undefined => {
  const parts: string[] = [];
  let from = 0;
  let isOpen = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\' && isOpen) at++;
    else if (text[at] === '"') isOpen = !isOpen;
    else if (text[at] === by && !isOpen) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return isOpen ? undefined : [...parts, text.slice(from)];
};

/** What the headers of a form's part say. */
export interface PartHead {
  name: string;
  /** Present for files alone. */
  fileName?: string;
  type: string;
}

const headerLine = /^([!#$%&'*+\-.^_`|~\w]+):([^\r\n\0]*)$/;

/** Encodings that leave the bytes as they are (RFC 2045, section 6); others are not for forms (RFC 7578, section 4.7). */
const plainEncoding = /^(?:7bit|8bit|binary)$/i;

/**
 * Reads a part's headers (RFC 7578, section 4.2). What two readers could take for two different names is refused: a form
 * goes where its model says, and whoever reads it next must see the same model.
 * @param head lines without the last line end
 * @throws RangeError
 */
export const readPartHead = (head: string): PartHead => {
  const found = new Map<string, string>();
  for (const line of head.split('\r\n')) {
    const match = headerLine.exec(line);
    if (!match) throw new RangeError('a part without headers');
    const name = match[1]!.toLowerCase();
    if (found.has(name)) throw new RangeError(`a part with two headers '${name.slice(0, 40)}'`);
    found.set(name, match[2]!.trim());
  }
  const encoding = found.get('content-transfer-encoding');
  if (encoding !== undefined && !plainEncoding.test(encoding)) throw new RangeError('a part in an encoding of its own');
  return { ...readDisposition(found.get('content-disposition') ?? ''), type: found.get('content-type') ?? '' };
};

/** Wherever it stands, within quotes too: not all readers know quotes and what escapes them. */
const anyName = /;\s*name\*?\s*=/gi;

const parameter = /;[ \t]*([\w!#$&+\-.^`|~]+\*?)=(?:"((?:[^"\\]|\\.)*)"|([^;\s"]*))[ \t]*/y;

const readDisposition = (text: string): Omit<PartHead, 'type'> => {
  const kind = /^form-data[ \t]*/i.exec(text);
  const found = new Map<string, string>();
  parameter.lastIndex = kind ? kind[0].length : text.length;
  while (kind && parameter.lastIndex < text.length) {
    const match = parameter.exec(text);
    if (!match) {
      if (text.slice(parameter.lastIndex).trim() === '') break;
      throw new RangeError('a part whose name cannot be read');
    }
    const name = match[1]!.toLowerCase();
    if (found.has(name)) throw new RangeError('a part whose name cannot be read');
    found.set(name, match[2] === undefined ? match[3]! : match[2]);
    if (parameter.lastIndex >= text.length) break;
  }
  const quoted = found.get('name');
  const extended = found.get('name*');
  if (quoted === undefined && extended === undefined) throw new RangeError('a part without a name');
  if ((text.match(anyName)?.length ?? 0) > 1) throw new RangeError('a part with two names');
  const name = quoted === undefined ? ofExtended(extended!) : unescaped(quoted);
  // oxlint-disable-next-line no-control-regex
  if (quoted?.includes('\\') === true || /[\x00-\x08\x0b\x0c\x0e-\x1f]/.test(name))
    throw new RangeError('a part whose name cannot be read');
  const extendedFile = found.get('filename*');
  const file = found.get('filename');
  const fileName = extendedFile === undefined ? (file === undefined ? undefined : unescaped(file)) : ofExtended(extendedFile);
  return { name, ...(fileName !== undefined && { fileName }) };
};

/** As browsers and SDKs write it: `"` as `%22` or `\"`. */
const unescaped = (text: string): string =>
  text
    .replaceAll(/\\(["\\])/g, '$1')
    .replaceAll('%22', '"')
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n');

/** RFC 5987's own way. */
const ofExtended = (text: string): string => {
  const value = /^utf-8'[^']*'(.*)$/i.exec(text)?.[1];
  if (value === undefined) throw new RangeError('a part whose name cannot be read');
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
};

import { SluiceError, type BodySource, type FormField } from '../../types/index.ts';

const encoder = new TextEncoder();

/** Files are read in pieces of this size. Bytes. */
const pieceBytes = 64 * 1024;

/** A form (RFC 7578) as a body that goes out piece by piece; the bytes of files are never joined. */
export const encodeForm = (fields: readonly FormField[]): { contentType: string; body: BodySource } => {
  const boundary = `sluice-${crypto.randomUUID()}`;
  const pieces: (Uint8Array | Blob)[] = [];
  for (const [name, value] of fields) {
    const head = `--${boundary}\r\ncontent-disposition: form-data; name="${quoted(name)}"`;
    if (typeof value === 'string') {
      pieces.push(encoder.encode(`${head}\r\n\r\n${value}\r\n`));
      continue;
    }
    const type = value.type === '' ? 'application/octet-stream' : value.type;
    if (/[\r\n]/.test(type)) throw new SluiceError('invalid_request', `The type of the file '${name}' is none.`, { param: name });
    pieces.push(
      encoder.encode(`${head}; filename="${quoted(value.name)}"\r\ncontent-type: ${type}\r\n\r\n`),
      value.bytes,
      encoder.encode('\r\n'),
    );
  }
  pieces.push(encoder.encode(`--${boundary}--\r\n`));
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: sourceOf(pieces) };
};

/** As browsers write names in a form (html.spec.whatwg.org, multipart form data, read 2026-11-22). */
const quoted = (text: string): string => text.replaceAll('\n', '%0A').replaceAll('\r', '%0D').replaceAll('"', '%22');

/** Bytes and files one after the other. */
export const sourceOf = (pieces: readonly (Uint8Array | Blob)[]): BodySource => {
  const length = pieces.reduce((sum, piece) => sum + (piece instanceof Uint8Array ? piece.length : piece.size), 0);
  let at = 0;
  let offset = 0;
  return {
    length,
    async read() {
      for (;;) {
        const piece = pieces[at];
        if (piece === undefined) return undefined;
        if (piece instanceof Uint8Array) {
          at++;
          if (piece.length > 0) return piece;
        } else if (offset < piece.size) {
          const bytes = new Uint8Array(await piece.slice(offset, offset + pieceBytes).arrayBuffer());
          offset += bytes.length;
          return bytes;
        } else {
          at++;
          offset = 0;
        }
      }
    },
    cancel() {
      at = pieces.length;
    },
  };
};

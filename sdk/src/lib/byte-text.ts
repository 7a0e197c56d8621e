/*
 * Bytes as text and back, in pieces: media of megabytes must neither be held in several copies nor hold up the event loop
 * for as long as all of it takes.
 */

/** Divides by three, so that each piece ends where a group of base64 does. */
const pieceBytes = 3 * 16_384;
const pieceCharacters = 4 * 16_384;

/** A file's bytes as base64. Reads it piece by piece. */
export const blobToBase64 = async (blob: Blob): Promise<string> => {
  let text = '';
  for (let at = 0; at < blob.size; at += pieceBytes) {
    const piece = new Uint8Array(await blob.slice(at, at + pieceBytes).arrayBuffer());
    let binary = '';
    // A long argument list overflows the stack.
    for (let from = 0; from < piece.length; from += 8192) binary += String.fromCharCode(...piece.subarray(from, from + 8192));
    text += btoa(binary);
  }
  return text;
};

/** Base64 as pieces of bytes. Both alphabets are read, and lines may be broken. @throws on what is not base64, when it gets there */
export function* base64Pieces(text: string): Generator<Uint8Array<ArrayBuffer>> {
  let rest = '';
  for (let at = 0; at < text.length; at += pieceCharacters) {
    const clean =
      rest +
      text
        .slice(at, at + pieceCharacters)
        .replace(/\s+/g, '')
        .replaceAll('-', '+')
        .replaceAll('_', '/');
    const whole = at + pieceCharacters >= text.length ? clean.length : clean.length - (clean.length % 4);
    rest = clean.slice(whole);
    if (whole > 0) yield bytesOf(atob(clean.slice(0, whole)));
  }
}

const bytesOf = (binary: string): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
};

/** Hexadecimal text as pieces of bytes. @throws RangeError on what is not hexadecimal, when it gets there */
export function* hexPieces(text: string): Generator<Uint8Array<ArrayBuffer>> {
  if (text.length % 2 !== 0) throw new RangeError('Hexadecimal text has an even length.');
  for (let at = 0; at < text.length; at += pieceCharacters) {
    const end = Math.min(at + pieceCharacters, text.length);
    const bytes = new Uint8Array((end - at) / 2);
    for (let from = at; from < end; from += 2) {
      const high = digitOf(text.charCodeAt(from));
      const low = digitOf(text.charCodeAt(from + 1));
      if (high === undefined || low === undefined) throw new RangeError('This is not hexadecimal text.');
      bytes[(from - at) / 2] = high * 16 + low;
    }
    yield bytes;
  }
}

const digitOf = (code: number): number | undefined => {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : undefined;
};

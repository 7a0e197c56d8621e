/** Beginnings of files, in hexadecimal; `.` stands for any digit. */
const signatures: readonly (readonly [RegExp, string])[] = [
  [/^89504e470d0a1a0a/, 'image/png'],
  [/^ffd8ff/, 'image/jpeg'],
  [/^474946383[79]61/, 'image/gif'],
  [/^52494646.{8}57454250/, 'image/webp'],
  [/^25504446/, 'application/pdf'],
  [/^52494646.{8}57415645/, 'audio/wav'],
  [/^(?:494433|fff[b3])/, 'audio/mpeg'],
  [/^.{8}66747970/, 'video/mp4'],
];

/** What the first bytes of a file say that it is. */
const sniffedType = (bytes: Uint8Array): string | undefined => {
  const start = Buffer.from(bytes.subarray(0, 16)).toString('hex');
  return signatures.find(([signature]) => signature.test(start))?.[1];
};

const vague = new Set(['', 'application/octet-stream', 'binary/octet-stream']);
const taken = /^(?:image|audio|video|text)\/[\w.+-]+$|^application\/(?:pdf|json|msword|vnd\.[\w.+-]+)$/;

/** The media type of a file that was fetched: as its server says, else as its bytes do; undefined if it is no media. A page of text is never an image by its name. */
export const mediaTypeOf = (declared: string | null, bytes: Uint8Array): string | undefined => {
  const bare = (declared ?? '').split(';')[0]!.trim().toLowerCase();
  const type = vague.has(bare) ? sniffedType(bytes) : bare;
  return type !== undefined && taken.test(type) && type !== 'text/html' ? type : undefined;
};

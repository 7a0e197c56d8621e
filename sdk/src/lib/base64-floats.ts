/** The numbers of an embedding in base64: little-endian float32, as OpenAI's format has them. @throws on what is not base64 */
export const base64ToFloats = (text: string): number[] => {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const floats: number[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4) floats.push(view.getFloat32(at, true));
  return floats;
};

/** The reverse. What float64 has beyond float32 is lost: OpenAI's clients read float32. */
export const floatsToBase64 = (floats: readonly number[]): string => {
  const bytes = new Uint8Array(floats.length * 4);
  const view = new DataView(bytes.buffer);
  floats.forEach((value, at) => view.setFloat32(at * 4, value, true));
  let binary = '';
  // In pieces, because a long argument list overflows the stack.
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(binary);
};

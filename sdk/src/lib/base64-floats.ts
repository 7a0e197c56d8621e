/** The numbers of an embedding in base64: little-endian float32, as OpenAI's format has them. @throws on what is not base64 */
export const base64ToFloats = (text: string): number[] => {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const floats: number[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4) floats.push(view.getFloat32(at, true));
  return floats;
};

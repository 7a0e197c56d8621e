/** One base64 text of the bytes of several, each whole in itself. Pieces that are not base64 are joined as they are. */
export const joinBase64 = (pieces: readonly string[]): string => {
  const [first = ''] = pieces;
  if (pieces.length < 2) return first;
  try {
    return btoa(pieces.map((piece) => atob(piece)).join(''));
  } catch {
    return pieces.join('');
  }
};

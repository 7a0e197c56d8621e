/**
 * Whether a name fits a pattern in which `*` stands for any text. In linear time whatever the pattern is, as patterns come
 * from whoever may make keys.
 */
export const fitsPattern = (pattern: string, name: string): boolean => {
  const star = pattern.indexOf('*');
  if (star === -1) return pattern === name;
  const pieces = pattern.split('*');
  const [first = '', last = ''] = [pieces[0], pieces.at(-1)];
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  const end = name.length - last.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = name.indexOf(piece, at);
    if (found === -1 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
};

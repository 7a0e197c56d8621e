/** Whether a model name fits `pattern`, in which `*` stands for any text. */
export const matchesPattern = (pattern: string, name: string): boolean => {
  if (!pattern.includes('*')) return pattern === name;
  const pieces = pattern.split('*').map((piece) => piece.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${pieces.join('.*')}$`, 's').test(name);
};

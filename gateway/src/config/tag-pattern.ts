/**
 * A regular expression as Python writes it, so that LiteLLM's `tag_regex` means the same here: flags that stand in
 * front (`(?i)`), named groups (`(?P<name>`), `\A` and `\Z`. Undefined: it is none.
 */
export const asPattern = (text: string): RegExp | undefined => {
  const [, flags = '', rest = text] = /^\(\?([ims]+)\)(.*)$/s.exec(text) ?? [];
  const source = rest
    .replaceAll('(?P<', '(?<')
    .replaceAll(/(?<!\\)((?:\\\\)*)\\([AZ])/g, (_, before, end) => before + (end === 'A' ? '^' : '$'));
  try {
    return new RegExp(source, [...new Set(flags)].join(''));
  } catch {
    return undefined;
  }
};

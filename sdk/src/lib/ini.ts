export type IniSections = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * Sections of an INI file as AWS writes them (docs.aws.amazon.com/sdkref/latest/guide/file-format.html, read
 * 2026-11-22): names of settings in lower case, comments on lines of their own or behind a space, later ones win.
 * Nested settings (indented lines under one without a value) are skipped: none of them is a credential.
 */
export const parseIni = (text: string): IniSections => {
  const sections: Record<string, Record<string, string>> = Object.create(null) as Record<string, Record<string, string>>;
  let current: Record<string, string> | undefined;
  for (const line of text.split(/\r?\n/)) {
    const trimmed = line.trim();
    if (trimmed === '' || /^[#;]/.test(trimmed)) continue;
    const section = /^\[\s*([^\]]*?)\s*\]/.exec(trimmed);
    if (section) {
      current = sections[section[1]!.replace(/\s+/g, ' ')] ??= Object.create(null) as Record<string, string>;
      continue;
    }
    const at = trimmed.indexOf('=');
    if (at <= 0 || current === undefined || /^\s/.test(line)) continue;
    const value = trimmed.slice(at + 1).replace(/\s[#;].*$/, '');
    current[trimmed.slice(0, at).trim().toLowerCase()] = value.trim();
  }
  return sections;
};

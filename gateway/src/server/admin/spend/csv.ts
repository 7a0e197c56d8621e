/**
 * One line of CSV (RFC 4180). A cell that a spreadsheet would take for a formula begins with an apostrophe, which makes it a
 * text there (OWASP, CSV injection, read 2026-11-22): names in it are made up by clients. Numbers are what they are.
 */
export const csvLine = (cells: readonly (string | number | boolean | null | undefined)[]): string => `${cells.map(cellOf).join(',')}\r\n`;

const cellOf = (value: string | number | boolean | null | undefined): string => {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  // White space before it does not keep a spreadsheet from it.
  const text = /^\s*[=+\-@\t\r\n＝＋－＠]/u.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

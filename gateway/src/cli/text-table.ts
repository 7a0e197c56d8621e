/** Cells are text; numbers stand to the right. */
export interface TextColumn {
  readonly title: string;
  readonly right?: boolean;
}

const gap = '  ';
const minWidth = 6;

/**
 * Rows under their titles, in columns. Where they are wider than the terminal, the widest columns are cut, with `…`.
 * @param width of the terminal, in characters; undefined: nobody looks at it there, nothing is cut
 */
export const textTable = (columns: readonly TextColumn[], rows: readonly (readonly string[])[], width?: number): string => {
  const clean = rows.map((row) => columns.map((_, at) => printable(row[at] ?? '')));
  const widths = columns.map(({ title }, at) => Math.max(widthOf(title), ...clean.map((row) => widthOf(row[at]!))));
  if (width !== undefined) shrink(widths, width - gap.length * (columns.length - 1));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => fit(cell, widths[at]!, columns[at]!.right === true))
      .join(gap)
      .trimEnd();
  return [line(columns.map(({ title }) => title)), ...clean.map(line)].map((each) => `${each}\n`).join('');
};

/** Other people's texts must not move the cursor. */
const printable = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');

const widthOf = (text: string): number => Bun.stringWidth(text);

/** The widest column gives until all fit, or none has anything left to give. */
const shrink = (widths: number[], room: number): void => {
  let over = widths.reduce((all, each) => all + each, 0) - room;
  while (over > 0) {
    const most = Math.max(...widths);
    if (most <= minWidth) return;
    widths[widths.indexOf(most)] = most - 1;
    over--;
  }
};

const fit = (text: string, width: number, right: boolean): string => {
  const cut = widthOf(text) <= width ? text : `${head(text, width - 1)}…`;
  const space = ' '.repeat(Math.max(0, width - widthOf(cut)));
  return right ? space + cut : cut + space;
};

const segments = new Intl.Segmenter();

const head = (text: string, width: number): string => {
  let [taken, used] = ['', 0];
  for (const { segment } of segments.segment(text)) {
    used += widthOf(segment);
    if (used > width) break;
    taken += segment;
  }
  return taken;
};

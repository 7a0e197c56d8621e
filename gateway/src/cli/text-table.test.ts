import { describe, expect, test } from 'bun:test';
import { textTable } from './text-table.ts';

const columns = [{ title: 'name' }, { title: 'n', right: true }];

describe('textTable', () => {
  test('columns are as wide as what is in them, numbers to the right', () => {
    expect(
      textTable(columns, [
        ['a', '1'],
        ['longer', '20'],
      ]),
    ).toBe('name     n\na        1\nlonger  20\n');
  });

  test('without rows there are the titles', () => {
    expect(textTable(columns, [])).toBe('name  n\n');
  });

  test('what is too wide is cut where it is widest', () => {
    const table = textTable([...columns, { title: 'x' }], [['a name that is long', '1', 'short']], 24);
    for (const line of table.trimEnd().split('\n')) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(24);
    expect(table).toContain('…');
    expect(table).toContain('short');
    expect(textTable(columns, [['a name that is long', '1']])).not.toContain('…');
    // No terminal is so narrow that nothing is shown.
    expect(textTable(columns, [['a name that is long', '1']], 1)).toContain('a nam…');
  });

  test('wide letters take two places, joined ones one', () => {
    const lines = textTable(columns, [
      ['世界', '1'],
      ['👩‍👩‍👧', '2'],
      ['ab', '3'],
    ])
      .trimEnd()
      .split('\n');
    expect(new Set(lines.map((line) => Bun.stringWidth(line))).size).toBe(1);
    expect(textTable(columns, [['世界'.repeat(9), '1']], 12)).toContain('…');
  });

  test("other people's texts move no cursor and break no line", () => {
    const table = textTable(columns, [['a\u001B[2Jb\nc\u202Ed', '1']]);
    expect(table).toContain('a [2Jb c d');
    expect(table.split('\n')).toHaveLength(3);
  });
});

import { expect, test } from 'bun:test';
import { csvLine } from './csv.ts';

test('cells that a spreadsheet would carry out are texts', () => {
  for (const evil of ['=1+1', '+1', '-1+1', '@SUM(A1)', '\t=1', ' =1', '＝1']) expect(csvLine([evil])).toStartWith("'");
  for (const evil of ['=HYPERLINK("http://x")', '=1,2', '\r=1']) expect(csvLine([evil])).toStartWith('"\'');
  expect(csvLine(['a', 'a=1', -1, 0.5, true, null, undefined])).toBe('a,a=1,-1,0.5,true,,\r\n');
});

test('commas, quotes and line ends', () => {
  expect(csvLine(['a,b', 'say "hi"', 'x\ny'])).toBe('"a,b","say ""hi""","x\ny"\r\n');
});

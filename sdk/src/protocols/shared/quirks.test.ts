import { expect, test } from 'bun:test';
import { applyQuirks } from './quirks.ts';

test('what a vendor lacks is named and goes; what it calls otherwise is renamed', () => {
  const named: string[] = [];
  const quirks = { lacks: ['seed', 'absent'], rename: { max_completion_tokens: 'max_tokens' } };
  const body = applyQuirks({ seed: 1, max_completion_tokens: 5, top_p: 1 }, { quirks, lacks: (name) => void named.push(name) });
  expect(body).toEqual({ max_tokens: 5, top_p: 1 });
  expect(named).toEqual(['seed']);
});

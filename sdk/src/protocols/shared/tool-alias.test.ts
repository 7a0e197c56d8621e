import { describe, expect, test } from 'bun:test';
import { createToolAliases } from './tool-alias.ts';

describe('createToolAliases', () => {
  test('leaves names alone that may stay', () => {
    const aliases = createToolAliases();
    expect(aliases.of('get_weather-2')).toBe('get_weather-2');
    expect(aliases.names).toBeUndefined();
  });

  test('FP-80: long names and odd characters become short names that stay different', () => {
    const aliases = createToolAliases();
    const long = `mcp__${'a'.repeat(80)}`;
    const names = [`${long}_one`, `${long}_two`, 'ns.tool', 'ns:tool'];
    const sent = names.map((name) => aliases.of(name));
    for (const alias of sent) expect(alias).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    expect(new Set(sent).size).toBe(4);
    expect(sent.map((alias) => aliases.names?.[alias])).toEqual(names);
    expect(createToolAliases().of('ns.tool')).toBe(aliases.of('ns.tool'));
  });
});

import { describe, expect, test } from 'bun:test';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTextFile } from './read-file.ts';

describe('reading a file', () => {
  test('gives its text', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'sluice-')), 'some.json');
    writeFileSync(path, '{"schlüssel":1}');
    expect(await readTextFile(path)).toBe('{"schlüssel":1}');
  });

  test('says which one is not there', () => {
    expect(readTextFile('/no/such/file.json')).rejects.toThrow('/no/such/file.json');
  });
});

import { describe, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTextFile, replaceSecretFile } from './read-file.ts';

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

describe('replacing a file of secrets', () => {
  test('leaves the new text, its owner as the only reader, and nothing beside it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-'));
    const path = join(folder, 'auth.json');
    writeFileSync(path, 'old');
    await replaceSecretFile(path, 'new');
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['auth.json']);
  });

  test('says which one cannot be written, and not with what', async () => {
    const failed = await replaceSecretFile('/no/such/auth.json', 'CANARY').catch(String);
    expect(failed).toContain('/no/such/auth.json');
    expect(failed).not.toContain('CANARY');
  });
});

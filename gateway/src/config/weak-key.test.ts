import { describe, expect, test } from 'bun:test';
import { weakness } from './weak-key.ts';

describe('master keys that can be guessed (FP-62)', () => {
  test.each([
    'sk-1234',
    '',
    'sk-',
    '   ',
    'password',
    'sk-1234567890123456',
    'sk-abcdefghijklmnopqrstuvwxyz',
    'sk-aaaaaaaaaaaaaaaaaaaaaaaa',
    'sk-abababababababababab',
    'sk-your-master-key-here',
    'sk-litellm-master-key-1234',
    'changeme-changeme-changeme',
    'sk-short-f93jA',
  ])('%j', (key) => {
    expect(weakness(key)).toBeString();
  });
  test.each([
    'sk-a-long-random-master-key',
    'sk-9f86d081884c7d659a2feaa0c55ad015',
    'correct horse battery staple',
    'Tr0ub4dor&3-and-more-x',
  ])('%j will do', (key) => {
    expect(weakness(key)).toBeUndefined();
  });
});

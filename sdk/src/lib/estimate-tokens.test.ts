import { expect, test } from 'bun:test';
import { estimateTokens } from './estimate-tokens.ts';

test.each([
  ['', 0],
  ['four', 1],
  ['Hello, how are you?', 5],
  ['你好世界', 4],
])('%s', (text, tokens) => expect(estimateTokens(text)).toBe(tokens));

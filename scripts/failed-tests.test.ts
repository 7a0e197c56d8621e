import { expect, test } from 'bun:test';
// @ts-expect-error: a script, which has no types
import * as script from './failed-tests.js';

const failedTests = script.failedTests as (logs: string[]) => string[];

const log = `bun test v1.4.5 (a7733435c)

a.test.ts:
(pass) first > fine [1.20ms]
words of it
error: expect(received).toBe(expected)
(fail) first > bad [0.63ms]
(fail) slow [100.17ms]
  ^ this test timed out after 100ms.

b.test.ts:

# Unhandled error between tests
-------------------------------
error: Cannot find module './nowhere.ts'
-------------------------------

2 tests failed:
(fail) first > bad [0.63ms]
(fail) slow [100.17ms]

 1 pass
 3 fail
Ran 4 tests across 2 files. [144.00ms]
`;

test('names are last, with what was said before each, once', () => {
  expect(failedTests([log])).toEqual([
    'words of it',
    'error: expect(received).toBe(expected)',
    '(fail) a.test.ts > first > bad',
    '  ^ this test timed out after 100ms.',
    '(fail) a.test.ts > slow',
    '-------------------------------',
    "error: Cannot find module './nowhere.ts'",
    '-------------------------------',
    '(fail) b.test.ts > an error between tests',
    '(fail) a.test.ts > first > bad',
    '(fail) a.test.ts > slow',
    '(fail) b.test.ts > an error between tests',
  ]);
});

test('no failures, no lines; checks that are no tests of Bun, and flaky ones', () => {
  expect(failedTests(['(pass) a\n1 passed, 0 failed\n', ''])).toEqual([]);
  expect(failedTests(['(pass) a\n(fail) the SDK builds\nno\n', 'flaky: a.test.ts > b\n'])).toEqual([
    '(fail) the SDK builds',
    '(fail) the SDK builds',
    'flaky: a.test.ts > b',
  ]);
});

test('one that failed twice is told once, one that passed then as what it is', () => {
  const once =
    'bun test v1.4.5\n\na.test.ts:\nfirst words\n(fail) t [1.00ms]\n(fail) u [1.00ms]\n\n 2 fail\nRan 2 tests across 1 file. [5ms]\n';
  const again = once.replace('first', 'second');
  expect(failedTests([`${once}${again}\n(fail) a.test.ts > t\n(fail) a.test.ts > u\n\n0 passed, 2 failed\n`])).toEqual([
    'second words',
    '(fail) a.test.ts > t',
    '(fail) a.test.ts > u',
    '(fail) a.test.ts > t',
    '(fail) a.test.ts > u',
  ]);
  expect(failedTests([`${once}\nflaky: a.test.ts > t\nflaky: a.test.ts > u\n\n2 passed, 0 failed\n`]).slice(-2)).toEqual([
    'flaky: a.test.ts > t',
    'flaky: a.test.ts > u',
  ]);
});

test('however much fails, and however much is said', () => {
  const many = `a.test.ts:\n${Array.from({ length: 500 }, (_, at) => `${'x'.repeat(400)}\n`.repeat(40) + `(fail) t${at} [1.00ms]\n`).join('')}`;
  const lines = failedTests([many]);
  expect(lines.length).toBeLessThanOrEqual(60);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(303);
  expect(lines.filter((line) => line === '(fail) a.test.ts > t0')).toHaveLength(2);
  expect(lines.at(-1)).toBe('and 475 more');
});

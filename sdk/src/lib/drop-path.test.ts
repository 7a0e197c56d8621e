import { expect, test } from 'bun:test';
import { dropPath, hasPath } from './drop-path.ts';

const body = {
  temperature: 1,
  tools: [{ function: { name: 'a', strict: true } }, { function: { name: 'b', strict: false } }],
  n: { m: 1 },
};

test.each([
  ['temperature', { tools: body.tools, n: body.n }],
  ['n.m', { ...body, n: {} }],
  ['tools[*].function.strict', { ...body, tools: [{ function: { name: 'a' } }, { function: { name: 'b' } }] }],
  ['tools[1]', { ...body, tools: [body.tools[0]] }],
  ['nothing.here', body],
])('drops %s', (path, expected) => {
  const before = structuredClone(body);
  expect(dropPath(body, path)).toEqual(expected as typeof body);
  expect(body).toEqual(before);
});

test.each([
  ['temperature', true],
  ['absent', false],
  ['nothing', false],
  ['n.m', true],
  ['n.x', false],
  ['tools[*].strict', true],
  ['tools[1].strict', true],
  ['tools[0].strict', false],
  ['tools[*].absent', false],
] as const)('hasPath %s: %p', (path, there) => {
  expect(hasPath({ temperature: 0, nothing: null, n: { m: 1 }, tools: [{}, { strict: false }] }, path)).toBe(there);
});

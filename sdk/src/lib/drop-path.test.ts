import { expect, test } from 'bun:test';
import { dropPath } from './drop-path.ts';

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

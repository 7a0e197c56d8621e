import { expect, test } from 'bun:test';
import { withoutSources } from './sources.ts';

const url = { type: 'image', source: { type: 'url', url: 'https://example.test/a.png' } };
const inline = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA==' } };
const stored = { type: 'document', source: { type: 'file', file_id: 'f' } };
const text = { type: 'text', text: 'x' };

const after = (content: unknown[]) => {
  const lacking: string[] = [];
  const body = {
    messages: [
      { role: 'user', content: 'before' },
      { role: 'user', content },
    ],
  };
  const kept = withoutSources(body, ['base64', 'content', 'text'], { lacks: (what) => void lacking.push(what) });
  return { body, kept, lacking };
};

test('what is inside the request stays, and the body the same', () => {
  const { body, kept, lacking } = after([text, inline, { type: 'document', source: { type: 'text', data: 'y' } }]);
  expect(kept).toBe(body);
  expect(lacking).toEqual([]);
});

test('what the endpoint would have to fetch is named, also in results of tools', () => {
  const { kept, lacking } = after([text, url, { type: 'tool_result', tool_use_id: 't', content: [stored, inline] }]);
  expect(lacking).toEqual(['messages[1].content[1].source: url', 'messages[1].content[2].content[0].source: file']);
  expect(kept).toMatchObject({ messages: [{}, { content: [text, { type: 'tool_result', content: [inline] }] }] });
});

test('no message is left empty', () => {
  expect(after([url]).kept).toMatchObject({ messages: [{}, { content: [{ type: 'text' }] }] });
});

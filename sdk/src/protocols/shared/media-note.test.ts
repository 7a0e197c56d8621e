import { describe, expect, test } from 'bun:test';
import type { ChatResult, FromResultContext, JsonObject, Part } from '../../types/index.ts';
import { anthropicMessages, bedrockConverse, cohereChat, ollamaChat, openaiChat, openaiCompletions, openaiResponses } from '../index.ts';
import { explode } from './collect.ts';
import { describeMedia } from './media-note.ts';

const speech: Part = { type: 'audio', source: { kind: 'base64', data: 'AAAA', mediaType: 'audio/L16' } };
const picture: Part = { type: 'image', source: { kind: 'base64', data: 'AAAA', mediaType: 'image/png' } };
const link: Part = { type: 'image', source: { kind: 'url', url: 'https://x.test/a.png' } };
const film: Part = { type: 'video', source: { kind: 'base64', data: 'AAAA', mediaType: 'video/mp4' } };
const paper: Part = { type: 'file', filename: 'a.pdf', source: { kind: 'file-id', id: 'f' } };

const noted = {
  speech: '[audio (audio/L16): cannot be carried',
  picture: '[image (image/png): cannot be carried',
  link: '![image](https://x.test/a.png)',
};

const context: FromResultContext = {
  model: 'm',
  request: { model: 'm', messages: [], stream: false, unknown: {} } as unknown as FromResultContext['request'],
  newId: (prefix) => `${prefix}1`,
  now: () => 0,
};
const result = (...content: Part[]): ChatResult => ({ id: 'i', model: 'm', candidates: [{ index: 0, content, finishReason: 'stop' }] });

/** Everything that a client gets, whole and as a stream. */
const told = (protocol: typeof openaiChat, ...content: Part[]): [whole: string, stream: string] => {
  const encoder = protocol.stream.encoder(context);
  const events: string[] = [];
  explode(result(...content), (part) => void events.push(...encoder.push(part).map(({ data }) => data)));
  return [JSON.stringify(protocol.response.toWire(result(...content), context) satisfies JsonObject), events.join('\n')];
};

describe('a client is told of what its format cannot carry', () => {
  test.each([
    [anthropicMessages, [speech, picture, link, film, paper], [noted.speech, noted.picture, noted.link, '[video', '[a.pdf']],
    [bedrockConverse, [speech, link, film, paper], [noted.speech, noted.link, '[video', '[a.pdf']],
    [cohereChat, [speech, picture, link, film, paper], [noted.speech, noted.picture, noted.link, '[video', '[a.pdf']],
    [ollamaChat, [speech, link, film, paper], [noted.speech, noted.link, '[video', '[a.pdf']],
    [openaiResponses, [speech, link, film, paper], [noted.speech, noted.link, '[video', '[a.pdf']],
    [openaiCompletions, [speech, picture, link, film, paper], [noted.speech, noted.picture, noted.link, '[video', '[a.pdf']],
    [openaiChat, [film, paper], ['[video', '[a.pdf']],
  ] as const)('%#', (protocol, content, notes) => {
    for (const all of told(protocol, { type: 'text', text: 'Hi' }, ...content))
      for (const each of ['Hi', ...notes]) expect(all).toContain(each);
  });

  test('what was said stands for the sound, once', () => {
    const said: Part = { ...speech, transcript: 'Hello' };
    for (const protocol of [anthropicMessages, bedrockConverse, cohereChat, ollamaChat, openaiResponses, openaiCompletions]) {
      const [whole, stream] = told(protocol, said);
      expect(whole).toContain('Hello');
      expect(stream).toContain('Hello');
      expect(whole + stream).not.toContain('cannot be carried');
    }
  });
});

test('sound of which nothing is known yet is not noted', () => {
  expect(describeMedia({ type: 'audio', id: 'a' })).toBe('');
});

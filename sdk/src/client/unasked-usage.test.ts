import { describe, expect, test } from 'bun:test';
import { isUsageAlone, withoutEvent } from './unasked-usage.ts';

const encoder = new TextEncoder();
const counted = '{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}';
const said = '{"choices":[{"delta":{"content":"\\"choices\\":[] \\"usage\\":{"}}],"usage":null}';

describe('a count that a client has not asked for', () => {
  test('is told from what a model wrote', () => {
    expect(isUsageAlone({ data: counted })).toBe(true);
    for (const data of [said, '{"choices":[],"usage":null}', '{"choices":[],"prompt_filter_results":[]}', '[DONE]'])
      expect(isUsageAlone({ data })).toBe(false);
  });

  test.each(['\n\n', '\r\n\r\n', '\r\r'])('is taken out, and nothing else, with line ends %j', (end) => {
    const events = [said, counted, '[DONE]'];
    const text = (list: readonly string[]) => list.map((data) => `data: ${data}${end}`).join('');
    const left = (list: readonly string[]) => new TextDecoder().decode(withoutEvent(encoder.encode(text(list)), counted));
    expect(left(events)).toBe(text([said, '[DONE]']));
    expect(left([counted])).toBe('');
    expect(left([counted, '[DONE]'])).toBe(text(['[DONE]']));
    expect(left([said])).toBe(text([said]));
  });
});

import { describe, expect, test } from 'bun:test';
import { SluiceError, type ChatResult, type JsonObject, type Part, type StreamPart, type ToolCallPart } from '../../types/index.ts';
import { encode, explodeToChunks, toContext, writing } from './fixtures/context.ts';
import { fromWire as readRequest, toWire as writeRequest } from './request.ts';
import { toWire } from './response.ts';

const at = { candidate: 0, index: 0 };
const start: StreamPart = { type: 'start', id: 'msg_1', model: 'claude-x' };
const tail = { modelVersion: 'claude-x', responseId: 'msg_1' };
const said = (parts: object[]) => ({ candidates: [{ content: { parts, role: 'model' }, index: 0 }], ...tail });

describe('chunks', () => {
  test('text as it comes, the rest in the last one', () => {
    expect(
      encode([
        start,
        { type: 'part-start', ...at, part: { type: 'text', text: '' } },
        { type: 'text-delta', ...at, text: 'a"\n' },
        { type: 'text-delta', ...at, text: 'b' },
        { type: 'part-end', ...at },
        { type: 'finish', candidate: 0, reason: 'length', rawReason: 'max_tokens' },
        { type: 'usage', usage: { inputTokens: 1, outputTokens: 2 } },
        { type: 'end' },
      ]),
    ).toEqual([
      said([{ text: 'a"\n' }]),
      said([{ text: 'b' }]),
      {
        candidates: [{ content: { parts: [{ text: '' }], role: 'model' }, finishReason: 'MAX_TOKENS', index: 0 }],
        usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 2, totalTokenCount: 3 },
        ...tail,
      },
    ]);
  });

  test('calls whole, also when several are open at once (FP-19)', () => {
    const call = (id: string, name: string): Part => ({ type: 'tool-call', kind: 'function', id, name, arguments: '' });
    const chunks = encode([
      start,
      { type: 'part-start', candidate: 0, index: 0, part: call('call_1', 'f') },
      { type: 'part-start', candidate: 0, index: 1, part: call('call_2', 'g') },
      { type: 'arguments-delta', candidate: 0, index: 0, text: '{"a":' },
      { type: 'arguments-delta', candidate: 0, index: 1, text: '{}' },
      { type: 'arguments-delta', candidate: 0, index: 0, text: '1}' },
      { type: 'part-end', candidate: 0, index: 1 },
      { type: 'part-end', candidate: 0, index: 0 },
      { type: 'finish', candidate: 0, reason: 'tool-calls' },
      { type: 'end' },
    ]);
    expect(chunks.slice(0, 2)).toEqual([
      said([{ functionCall: { id: 'call_2', name: 'g', args: {} } }]),
      said([{ functionCall: { id: 'call_1', name: 'f', args: { a: 1 } } }]),
    ]);
    expect(chunks[2]).toMatchObject({ candidates: [{ finishReason: 'STOP' }] });
  });

  test('audio in pieces, log probabilities, citations', () => {
    const chunks = encode([
      start,
      { type: 'part-start', ...at, part: { type: 'audio', format: 'pcm16' } },
      { type: 'audio-delta', ...at, data: 'AAAA' },
      { type: 'audio-delta', ...at, transcript: 'hi' },
      { type: 'part-end', ...at },
      { type: 'part-start', candidate: 0, index: 1, part: { type: 'text', text: '' } },
      { type: 'text-delta', candidate: 0, index: 1, text: 'x', logprobs: { content: [{ token: 'x', logprob: -1, top_logprobs: [] }] } },
      { type: 'citation-delta', candidate: 0, index: 1, citation: { kind: 'url', url: 'https://a', startIndex: 0, endIndex: 1 } },
      { type: 'part-end', candidate: 0, index: 1 },
      { type: 'finish', candidate: 0, reason: 'stop' },
      { type: 'end' },
    ]);
    expect(chunks.slice(0, 2)).toEqual([
      said([{ inlineData: { mimeType: 'audio/L16;rate=24000', data: 'AAAA' } }]),
      said([{ text: 'hi' }]),
    ]);
    expect(chunks[2]).toMatchObject({ candidates: [{ logprobsResult: { chosenCandidates: [{ token: 'x', logProbability: -1 }] } }] });
    expect(chunks[3]).toMatchObject({
      candidates: [
        {
          groundingMetadata: {
            groundingChunks: [{ web: { uri: 'https://a' } }],
            groundingSupports: [{ segment: { endIndex: 1, text: 'x' }, groundingChunkIndices: [0] }],
          },
        },
      ],
    });
  });

  test('an error is an event that SDKs throw on', () => {
    expect(encode([start, { type: 'error', error: new SluiceError('overloaded', 'busy') }])).toMatchObject([
      { error: { code: 529, message: 'busy', status: 'UNAVAILABLE' } },
    ]);
  });

  test('without a start, the facts are made up', () => {
    expect(encode([{ type: 'end' }])).toEqual([{ modelVersion: 'asked', responseId: 'made' }]);
  });
});

/** What a client's history holds after a stream: the parts of all chunks, one after another. */
const historyOf = (chunks: JsonObject[]) =>
  chunks.flatMap((chunk) => (chunk['candidates'] as { content: { parts: object[] } }[]).flatMap(({ content }) => content.parts));

describe('opaque values of other vendors survive a Gemini client (FP-16, FP-17)', () => {
  const content: Part[] = [
    {
      type: 'thinking',
      text: 'First.\n\nSecond.',
      summary: ['First.', 'Second.'],
      id: 'rs_1',
      signature: { origin: 'openai', value: 'enc' },
    },
    { type: 'thinking', text: '', redacted: { origin: 'anthropic', value: 'red' } },
    { type: 'thinking', text: 'Third.', signature: { origin: 'anthropic', value: 'sig' } },
    { type: 'text', text: 'x' },
    { type: 'tool-call', kind: 'function', id: 'call_1', name: 'f', arguments: '{"a":1}', signature: { origin: 'other', value: 's' } },
  ];
  const result: ChatResult = { id: 'i', model: 'm', candidates: [{ index: 0, content, finishReason: 'tool-calls' }] };
  const back = (parts: object[]) =>
    readRequest(
      {
        contents: [
          { role: 'user', parts: [{ text: 'q' }] },
          { role: 'model', parts },
        ],
      },
      { model: 'm' },
    ).messages[1]!.content;

  test('a thought without words has a filler, for clients that drop empty parts', () => {
    const [, thought] = historyOf([toWire(result, writing)]) as { text: string; thoughtSignature: string }[];
    expect(thought!.text).toBe(' ');
    expect(thought!.thoughtSignature).toStartWith('slc1-');
    // Also behind words whose own proof a client has lost.
    const words = { text: 'Lost.', thought: true };
    expect(back([words, thought!])).toEqual([{ type: 'thinking', text: 'Lost.' }, content[1]!]);
  });

  test('whole', () => {
    const [candidate] = toWire(result, writing)['candidates'] as [{ content: { parts: object[] } }];
    expect(back(candidate.content.parts)).toEqual(content);
  });

  test('streamed', () => {
    expect(back(historyOf(explodeToChunks(result))).filter((part) => part.type !== 'text' || part.text !== '')).toEqual(content);
  });

  describe('a client that keeps calls and forgets thoughts, as Gemini CLI does', () => {
    const { signature: _signature, ...call } = content[4] as ToolCallPart;
    const thinks: Part[] = [...content.slice(0, 3), call, { ...call, id: 'call_2' }];
    const answer: ChatResult = { id: 'i', model: 'm', candidates: [{ index: 0, content: thinks, finishReason: 'tool-calls' }] };
    const forgetful = (parts: object[]) => parts.filter((part) => !('thought' in part) && !('text' in part));
    const whole = () => (toWire(answer, writing)['candidates'] as [{ content: { parts: object[] } }])[0].content.parts;
    const streamed = () => historyOf(explodeToChunks(answer));

    test.each<[string, () => object[]]>([
      ['whole', whole],
      ['streamed', streamed],
    ])('%s: the first call brings them along', (_, parts) => {
      expect(forgetful(parts())).toEqual([
        expect.objectContaining({ thoughtSignature: expect.stringMatching(/^slc1-/) }),
        expect.not.objectContaining({ thoughtSignature: expect.anything() }),
      ]);
      expect(back(forgetful(parts()))).toEqual(thinks);
    });

    test.each<[string, () => object[]]>([
      ['whole', whole],
      ['streamed', streamed],
    ])('%s: they are there once for a client that keeps both', (_, parts) => {
      expect(back(parts()).filter((part): boolean => part.type !== 'text')).toEqual(thinks);
    });
  });

  test('and none of them reaches Google', () => {
    const [candidate] = toWire(result, writing)['candidates'] as [{ content: { parts: object[] } }];
    const request = readRequest(
      {
        contents: [
          { role: 'user', parts: [{ text: 'q' }] },
          { role: 'model', parts: candidate.content.parts },
        ],
      },
      { model: 'm' },
    );
    const context = toContext({ from: 'gemini' });
    expect(JSON.stringify(writeRequest(request, context).body)).not.toContain('slc1-');
    expect(context.dropped).toEqual(['openai:signature', 'anthropic:redacted_thinking', 'anthropic:signature', 'other:signature']);
  });
});

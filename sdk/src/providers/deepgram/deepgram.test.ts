import { describe, expect, test } from 'bun:test';
import { fakeWire } from '../../../../test/kit/fake-wire.ts';
import { Secret, type SluiceError, type SpeechRequest, type TranscriptionRequest } from '../../types/index.ts';
import { credentialHeaders } from '../credentials.ts';
import { upstreamUrl } from '../url.ts';
import { deepgram } from './index.ts';
import { speech } from './speech.ts';
import { transcription } from './transcription.ts';

const file = { bytes: new Blob(['RIFF']), name: 'a.wav', type: 'audio/wav' };
const request = (more: Partial<TranscriptionRequest> = {}): TranscriptionRequest => ({ model: 'nova-3', file, ...more });

/** As the vendor's documents show it. */
const heard = {
  metadata: { request_id: 'r', duration: 25.933313, channels: 1 },
  results: {
    channels: [
      {
        detected_language: 'en',
        alternatives: [
          {
            transcript: 'Hello there.',
            confidence: 0.98,
            words: [
              { word: 'hello', start: 0.08, end: 0.32, confidence: 0.9, speaker: 0, punctuated_word: 'Hello' },
              { word: 'there', start: 0.32, end: 0.8, confidence: 0.8, speaker: 1, punctuated_word: 'there.' },
            ],
          },
        ],
      },
    ],
  },
};

describe('transcription by Deepgram', () => {
  test('the recording is the body, its own members stand in the query', async () => {
    const { wire, calls } = fakeWire([{ json: heard }], { provider: deepgram, model: 'nova-3' });
    await transcription(request({ language: 'de', smart_format: 'true', keyterm: ['a b', 'c'], punctuate: true }), wire);
    expect(calls).toEqual([
      { url: '/v1/listen?model=nova-3&language=de&smart_format=true&keyterm=a+b&keyterm=c&punctuate=true', bytes: file },
    ]);
  });

  test('the answer has words, times, speakers and what is billed', async () => {
    const { wire } = fakeWire([{ json: heard }]);
    expect(await transcription(request(), wire)).toEqual({
      text: 'Hello there.',
      language: 'en',
      durationSeconds: 25.933313,
      usage: { inputTokens: 0, outputTokens: 0, units: { inputSeconds: 25.933313 } },
      segments: [
        { start: 0.08, end: 0.32, text: 'Hello', speaker: '0' },
        { start: 0.32, end: 0.8, text: 'there.', speaker: '1' },
      ],
      words: [
        { word: 'Hello', start: 0.08, end: 0.32, speaker: '0', confidence: 0.9 },
        { word: 'there.', start: 0.32, end: 0.8, speaker: '1', confidence: 0.8 },
      ],
    });
  });

  test('a form that needs speakers or times asks for them, unless the client says otherwise', async () => {
    const urls: string[] = [];
    for (const more of [
      { response_format: 'diarized_json' },
      { response_format: 'vtt' },
      { response_format: 'srt', utterances: false },
    ] as const) {
      const { wire, calls } = fakeWire([{ json: heard }], { model: 'm' });
      await transcription(request(more), wire);
      urls.push(calls[0]!.url);
    }
    expect(urls).toEqual([
      '/v1/listen?model=m&diarize=true&utterances=true',
      '/v1/listen?model=m&utterances=true',
      '/v1/listen?model=m&utterances=false',
    ]);
  });

  test('utterances, else sentences, are the segments', async () => {
    const utterances = [{ start: 0, end: 1, transcript: 'Hello there.', speaker: 0 }];
    const first = fakeWire([{ json: { ...heard, results: { ...heard.results, utterances } } }]);
    expect((await transcription(request(), first.wire)).segments).toEqual([{ start: 0, end: 1, text: 'Hello there.', speaker: '0' }]);
    const paragraphs = { transcript: '', paragraphs: [{ speaker: 2, sentences: [{ text: 'Hello there.', start: 0.1, end: 0.9 }] }] };
    const second = fakeWire([{ json: { results: { channels: [{ alternatives: [{ transcript: 'Hello there.', paragraphs }] }] } } }]);
    expect((await transcription(request(), second.wire)).segments).toEqual([{ start: 0.1, end: 0.9, text: 'Hello there.', speaker: '2' }]);
  });

  test('what it lacks is refused by name, or left out', async () => {
    const refusing = fakeWire([]);
    const failure = await transcription(request({ prompt: 'x' }), refusing.wire).catch((cause: unknown) => cause);
    expect((failure as SluiceError).param).toBe('prompt');
    const dropping = fakeWire([{ json: heard }], { dropParams: true });
    await transcription(request({ prompt: 'x', temperature: 0.2, include: ['logprobs'], chunking_strategy: 'auto' }), dropping.wire);
    expect(dropping.lacking).toEqual(['include', 'prompt', 'temperature']);
    expect(dropping.dropped.map(({ what }) => what)).toEqual(['chunking_strategy']);
    expect(dropping.calls[0]!.url).toBe('/v1/listen?model=m');
  });

  test.each([[{}], [{ request_id: 'r' }], [{ results: 'no' }]])('%j is no answer', async (json) => {
    const failure = await transcription(request(), fakeWire([{ json }]).wire).catch((cause: unknown) => cause);
    expect((failure as SluiceError).code).toBe('invalid_response');
  });

  test('silence is an empty text', async () => {
    const { wire } = fakeWire([
      { json: { metadata: { duration: 2 }, results: { channels: [{ alternatives: [{ transcript: '', words: [] }] }] } } },
    ]);
    expect(await transcription(request(), wire)).toEqual({
      text: '',
      durationSeconds: 2,
      usage: { inputTokens: 0, outputTokens: 0, units: { inputSeconds: 2 } },
    });
  });
});

describe('speech by Deepgram', () => {
  const say = async (more: Partial<SpeechRequest>, model = 'aura-2-thalia-en') => {
    const fake = fakeWire([{ bytes: [new Uint8Array([1, 2])], headers: { 'content-type': 'audio/mpeg', 'dg-char-count': '68' } }], {
      provider: deepgram,
      model,
      dropParams: true,
    });
    const result = await speech({ model, input: 'Hi', ...more }, fake.wire);
    return { ...fake, result };
  };

  test('the model and the format stand in the query', async () => {
    const { calls, result } = await say({});
    expect(calls).toEqual([{ url: '/v1/speak', query: { encoding: 'mp3', model: 'aura-2-thalia-en' }, json: { text: 'Hi' } }]);
    expect(result.contentType).toBe('audio/mpeg');
    expect(await result.read()).toEqual(new Uint8Array([1, 2]));
    expect(await result.read()).toBeUndefined();
    expect(result.usage!()).toEqual({ inputTokens: 0, outputTokens: 0, units: { inputCharacters: 68 } });
  });

  test.each([
    ['opus', { encoding: 'opus', container: 'ogg' }],
    ['wav', { encoding: 'linear16', container: 'wav' }],
    ['pcm', { encoding: 'linear16', container: 'none', sample_rate: '24000' }],
    ['mulaw', { encoding: 'mulaw' }],
  ])('%s', async (format, query) => {
    const { calls } = await say({ response_format: format, container: undefined });
    expect(calls[0]!.query).toEqual({ ...query, model: 'aura-2-thalia-en' });
  });

  test.each([
    ['aura-2', 'apollo', 'aura-2-apollo-en'],
    ['aura-2', 'celeste-es', 'aura-2-celeste-es'],
    ['aura-2', 'alloy', 'aura-2-thalia-en'],
    ['aura', undefined, 'aura-asteria-en'],
    ['aura-2-thalia-en', 'aura-2-luna-en', 'aura-2-luna-en'],
  ])('the model %s and the voice %s are %s', async (model, voice, expected) => {
    const { calls } = await say(voice === undefined ? {} : { voice }, model);
    expect(calls[0]!.query!['model']).toBe(expected);
  });

  test('what it lacks is named', async () => {
    const { lacking, dropped, calls } = await say({
      voice: 'alloy',
      instructions: 'softly',
      response_format: 'ac3',
      speed: 1.2,
      mip_opt_out: true,
    });
    expect(lacking).toEqual(['instructions', 'response_format']);
    expect(dropped.map(({ what }) => what)).toEqual(['voice']);
    expect(calls[0]!.query).toEqual({ encoding: 'mp3', model: 'aura-2-thalia-en', speed: '1.2', mip_opt_out: 'true' });
  });
});

describe('the provider', () => {
  test('the key has a scheme of its own', async () => {
    const target = { provider: deepgram, model: 'nova-3', apiKey: new Secret('k') };
    expect(await credentialHeaders(target, { method: 'POST', url: '', body: '' })).toEqual({ authorization: 'Token k' });
    expect(() => credentialHeaders({ provider: deepgram, model: 'm' }, { method: 'POST', url: '', body: '' })).toThrow(/DEEPGRAM_API_KEY/);
  });

  test('a base URL with the version is the same', () => {
    const url = (baseUrl: string) =>
      upstreamUrl({ provider: deepgram, model: 'm', baseUrl }, { protocol: 'openai-chat', path: '/v1/listen?a=b' }, false);
    expect(url('https://api.deepgram.com/v1')).toBe('https://api.deepgram.com/v1/listen?a=b');
    expect(url('https://api.eu.deepgram.com/v1/listen')).toBe('https://api.eu.deepgram.com/v1/listen?a=b');
  });
});

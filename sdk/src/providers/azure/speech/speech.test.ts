import { describe, expect, test } from 'bun:test';
import { fakeWire } from '../../../../../test/kit/fake-wire.ts';
import { Secret, type SluiceError, type SpeechRequest, type TranscriptionRequest } from '../../../types/index.ts';
import { credentialHeaders } from '../../credentials.ts';
import { createAzure } from '../index.ts';
import { recognitionUrl, synthesisUrl } from './place.ts';
import { transcription } from './recognition.ts';
import { speech } from './synthesis.ts';

const azure = createAzure({ fetch: () => Promise.reject(new Error('no network in this test')) });
const provider = azure.variant!({ model: 'speech/azure-tts' });
const baseUrl = 'https://eastus.api.cognitive.microsoft.com';

describe('Azure Speech', () => {
  test('is behind names that begin so, with a header of its own', async () => {
    expect(provider.label).toBe('Azure Speech');
    expect(provider.resolveModel!('speech/azure-tts')).toEqual({ model: 'azure-tts' });
    expect(azure.variant!({ model: 'gpt-4o-mini-tts' })).toBe(azure);
    const target = { provider, model: 'azure-tts', apiKey: new Secret('k'), baseUrl };
    expect(await credentialHeaders(target, { method: 'POST', url: '', body: '' })).toEqual({ 'ocp-apim-subscription-key': 'k' });
  });

  test.each([
    [baseUrl, 'https://eastus.tts.speech.microsoft.com/cognitiveservices/v1', `${baseUrl}/speechtotext/transcriptions:transcribe`],
    [
      'https://eastus.tts.speech.microsoft.com/cognitiveservices/v1',
      'https://eastus.tts.speech.microsoft.com/cognitiveservices/v1',
      `${baseUrl}/speechtotext/transcriptions:transcribe`,
    ],
    [
      'https://chinaeast2.api.cognitive.azure.cn/',
      'https://chinaeast2.tts.speech.azure.cn/cognitiveservices/v1',
      'https://chinaeast2.api.cognitive.azure.cn/speechtotext/transcriptions:transcribe',
    ],
    [
      'https://res.cognitiveservices.azure.com',
      'https://res.cognitiveservices.azure.com/tts/cognitiveservices/v1',
      'https://res.cognitiveservices.azure.com/speechtotext/transcriptions:transcribe',
    ],
    [
      'https://proxy.test/speech',
      'https://proxy.test/speech/cognitiveservices/v1',
      'https://proxy.test/speech/speechtotext/transcriptions:transcribe',
    ],
  ])('%s', (given, synthesis, recognition) => {
    const target = { provider, model: '', baseUrl: given };
    expect([synthesisUrl(target), recognitionUrl(target)]).toEqual([synthesis, recognition]);
  });

  test('without an address it says so', () => {
    expect(() => synthesisUrl({ provider, model: '' })).toThrow(/api_base/);
  });
});

const say = async (more: Partial<SpeechRequest>) => {
  const fake = fakeWire([{ bytes: [new Uint8Array([1])], headers: { 'content-type': 'audio/mpeg' } }], {
    provider,
    model: 'azure-tts',
    target: { baseUrl },
    dropParams: true,
  });
  const result = await speech({ model: '', input: 'Hi & bye', ...more }, fake.wire);
  const { bytes, ...call } = fake.calls[0]!;
  return { ...fake, call, result, ssml: new TextDecoder().decode(bytes as Uint8Array) };
};

const root = '<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xmlns:mstts="https://www.w3.org/2001/mstts" xml:lang=';

describe('its speech', () => {
  test('a text is put into markup', async () => {
    const { call, ssml, result } = await say({ voice: 'fable' });
    expect(call).toEqual({
      url: 'https://eastus.tts.speech.microsoft.com/cognitiveservices/v1',
      headers: {
        'content-type': 'application/ssml+xml',
        'x-microsoft-outputformat': 'audio-24khz-48kbitrate-mono-mp3',
        'user-agent': 'sluice',
      },
    });
    expect(ssml).toBe(`${root}"en-GB"><voice name="en-GB-RyanNeural">Hi &amp; bye</voice></speak>`);
    expect([await result.read(), result.usage!()?.units]).toEqual([new Uint8Array([1]), { inputCharacters: 8 }]);
  });

  test.each([
    [1.5, '+50%'],
    [0.5, '-50%'],
  ])('the speed %p is the rate %s', async (speed, rate) => {
    expect((await say({ speed })).ssml).toContain(`<prosody rate="${rate}">Hi &amp; bye</prosody>`);
  });

  test('its own members are attributes, which cannot break out', async () => {
    const { ssml } = await say({ voice: 'de-DE-X"/><a', style: 'cheer"ful', styledegree: '2', role: 'Girl', lang: 'es-ES' });
    expect(ssml).toBe(
      `${root}"de-DE"><voice name="de-DE-X&quot;/&gt;&lt;a"><lang xml:lang="es-ES">` +
        '<mstts:express-as style="cheer&quot;ful" styledegree="2" role="Girl">Hi &amp; bye</mstts:express-as></lang></voice></speak>',
    );
  });

  test('markup goes as it is', async () => {
    const { ssml, dropped } = await say({ input: '<speak>Hi</speak>', speed: 2 });
    expect([ssml, dropped.map(({ what }) => what)]).toEqual(['<speak>Hi</speak>', ['speed']]);
  });

  test('formats, and what is lacking', async () => {
    expect((await say({ response_format: 'pcm' })).call.headers!['x-microsoft-outputformat']).toBe('raw-24khz-16bit-mono-pcm');
    expect((await say({ response_format: 'webm-24khz-16bit-mono-opus' })).lacking).toEqual([]);
    expect((await say({ response_format: 'flac', instructions: 'x', seed: 1 })).lacking).toEqual([
      'instructions',
      'response_format',
      'seed',
    ]);
  });
});

describe('its transcription', () => {
  const file = { bytes: new Blob(['x']), name: 'a.wav', type: 'audio/wav' };
  /** As the vendor's documents show it. */
  const heard = {
    durationMilliseconds: 182_439,
    combinedPhrases: [{ text: 'Good afternoon. Hello.' }],
    phrases: [
      {
        speaker: 1,
        offsetMilliseconds: 960,
        durationMilliseconds: 640,
        text: 'Good afternoon.',
        words: [{ text: 'Good', offsetMilliseconds: 960, durationMilliseconds: 240 }],
        locale: 'en-US',
        confidence: 0.93,
      },
    ],
  };
  const hear = async (json: unknown, more: Partial<TranscriptionRequest> = {}) => {
    const fake = fakeWire([{ json }], { provider, model: 'azure-stt', target: { baseUrl }, dropParams: true });
    return { ...fake, result: await transcription({ model: '', file, ...more }, fake.wire) };
  };

  test('the definition says what is wanted', async () => {
    const { calls, lacking } = await hear(heard, {
      language: 'de',
      response_format: 'diarized_json',
      profanityFilterMode: 'None',
      prompt: 'x',
    });
    expect(calls[0]).toEqual({
      url: `${baseUrl}/speechtotext/transcriptions:transcribe`,
      query: { 'api-version': '2025-10-15' },
      form: [
        ['audio', file],
        ['definition', '{"locales":["de-DE"],"diarization":{"enabled":true,"maxSpeakers":10},"profanityFilterMode":"None"}'],
      ],
    });
    expect(lacking).toEqual(['prompt']);
  });

  test('phrases are segments', async () => {
    expect((await hear(heard)).result).toEqual({
      text: 'Good afternoon. Hello.',
      language: 'en-US',
      durationSeconds: 182.439,
      usage: { inputTokens: 0, outputTokens: 0, units: { inputSeconds: 182.439 } },
      segments: [{ start: 0.96, end: 1.6, text: 'Good afternoon.', speaker: '1' }],
      words: [{ start: 0.96, end: 1.2, word: 'Good', speaker: '1' }],
    });
  });

  test('an answer without a text is none', async () => {
    const failure = (await hear({}).catch((cause: unknown) => cause)) as SluiceError;
    expect(failure.code).toBe('invalid_response');
  });
});

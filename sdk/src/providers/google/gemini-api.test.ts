import { describe, expect, test } from 'bun:test';
import { fakeWire, type FakeAnswer } from '../../../../test/kit/fake-wire.ts';
import type { SluiceError, SpeechRequest, TranscriptionRequest } from '../../types/index.ts';
import { geminiMedia } from './gemini-api.ts';

/** The operations are adapters here, which the type of a provider does not say. */
const run = geminiMedia as unknown as {
  speech: (
    request: SpeechRequest,
    wire: unknown,
  ) => Promise<{ contentType: string; read(): Promise<Uint8Array | undefined>; usage(): unknown }>;
  transcription: (request: TranscriptionRequest, wire: unknown) => Promise<Record<string, unknown>>;
  translation: (request: TranscriptionRequest, wire: unknown) => Promise<Record<string, unknown>>;
  'video-create': (request: object, wire: unknown) => Promise<{ body: unknown; usage?: { units?: unknown } }>;
  'video-retrieve': (request: { id: string }, wire: unknown) => Promise<{ body: unknown }>;
  'video-content': (request: { id: string; variant?: string }, wire: unknown) => Promise<{ contentType: string; read(): Promise<unknown> }>;
};
const open = (answers: readonly FakeAnswer[], model: string) => fakeWire(answers, { model, dropParams: true });
const failing = (promise: Promise<unknown>) => promise.catch((cause: unknown) => cause) as Promise<SluiceError>;

const samples = Buffer.from([1, 0, 2, 0]);
const sound = (mimeType = 'audio/L16;codec=pcm;rate=24000', data = samples.toString('base64')) => ({
  json: {
    candidates: [{ content: { role: 'model', parts: [{ inlineData: { mimeType, data } }] }, finishReason: 'STOP' }],
    usageMetadata: {
      promptTokenCount: 7,
      candidatesTokenCount: 33,
      totalTokenCount: 40,
      candidatesTokensDetails: [{ modality: 'AUDIO', tokenCount: 33 }],
    },
  },
});
const bytesOf = async (stream: { read(): Promise<Uint8Array | undefined> }): Promise<Buffer> => {
  const pieces: Uint8Array[] = [];
  for (let piece = await stream.read(); piece; piece = await stream.read()) pieces.push(piece);
  return Buffer.concat(pieces);
};

describe('speech of Gemini', () => {
  test('is a prompt that is answered with sound, which becomes a WAV file', async () => {
    const { wire, calls } = open([sound()], 'gemini-2.5-flash-preview-tts');
    const result = await run.speech({ model: '', input: 'Have a wonderful day!', voice: 'Kore', instructions: 'Say cheerfully' }, wire);
    expect(calls).toEqual([
      {
        url: '/models/{model}:generateContent',
        json: {
          contents: [{ role: 'user', parts: [{ text: 'Say cheerfully: Have a wonderful day!' }] }],
          generationConfig: {
            responseModalities: ['AUDIO'],
            speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } },
          },
        },
      },
    ]);
    expect(result.contentType).toBe('audio/wav');
    const file = await bytesOf(result);
    expect([file.toString('latin1', 0, 4), file.readUInt32LE(24), file.readUInt32LE(40), file.subarray(44)]).toEqual([
      'RIFF',
      24_000,
      4,
      samples,
    ]);
    expect(result.usage()).toMatchObject({ inputTokens: 7, outputTokens: 0, outputAudioTokens: 33, units: { inputCharacters: 21 } });
  });

  test('samples are given as they are', async () => {
    const { wire } = open([sound('audio/L16;codec=pcm;rate=16000')], 'gemini-2.5-flash-preview-tts');
    const result = await run.speech({ model: '', input: 'x', response_format: 'pcm' }, wire);
    expect([result.contentType, await bytesOf(result)]).toEqual(['audio/pcm;rate=16000', samples]);
  });

  test('formats that are not made of samples here are refused by name', async () => {
    const fake = fakeWire([], { model: 'gemini-2.5-flash-preview-tts' });
    expect((await failing(run.speech({ model: '', input: 'x', response_format: 'mp3' }, fake.wire))).param).toBe('response_format');
    const dropping = open([sound()], 'gemini-2.5-flash-preview-tts');
    expect((await run.speech({ model: '', input: 'x', response_format: 'mp3', speed: 2 }, dropping.wire)).contentType).toBe('audio/wav');
    expect(dropping.lacking).toEqual(['speed', 'response_format']);
  });

  test('newer models have a place for the manner', async () => {
    const { wire, calls } = open([sound('audio/wav')], 'gemini-3.8-flash-tts');
    const multi = { multiSpeakerVoiceConfig: { speakerVoiceConfigs: [] } };
    const result = await run.speech({ model: '', input: 'x', instructions: 'softly', speechConfig: multi, language_code: 'de-DE' }, wire);
    expect(calls[0]!.json).toEqual({
      contents: [{ role: 'user', parts: [{ text: 'x', speechMetadata: { style: 'softly' } }] }],
      generationConfig: { responseModalities: ['AUDIO'], speechConfig: { languageCode: 'de-DE', ...multi } },
    });
    expect([result.contentType, await bytesOf(result)]).toEqual(['audio/wav', samples]);
  });

  test.each([
    [{ promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } }, 'content_policy_violation'],
    [{ candidates: [{ finishReason: 'SAFETY' }] }, 'content_policy_violation'],
    [{ candidates: [{ finishReason: 'OTHER' }] }, 'invalid_response'],
    [{ candidates: [{ content: { parts: [{ text: 'no' }] } }] }, 'invalid_response'],
    [{}, 'invalid_response'],
  ])('%j is %s', async (json, code) => {
    expect((await failing(run.speech({ model: '', input: 'x' }, open([{ json }], 'm').wire))).code).toBe(code as SluiceError['code']);
  });
});

const file = { bytes: new Blob([samples]), name: 'a.mp3', type: '' };
const words = {
  json: {
    candidates: [{ content: { parts: [{ text: 'hm', thought: true }, { text: 'Hello ' }, { text: 'there.\n' }] } }],
    usageMetadata: {
      promptTokenCount: 110,
      candidatesTokenCount: 3,
      totalTokenCount: 113,
      promptTokensDetails: [
        { modality: 'AUDIO', tokenCount: 90 },
        { modality: 'TEXT', tokenCount: 20 },
      ],
    },
  },
};

describe('transcription by Gemini', () => {
  test('the recording is part of a prompt', async () => {
    const { wire, calls } = open([words], 'gemini-2.5-flash');
    const result = await run.transcription({ model: '', file, language: 'de', prompt: 'Names: Ulla', temperature: 0 }, wire);
    const { contents, generationConfig } = calls[0]!.json as {
      contents: { parts: { text?: string; inlineData?: object }[] }[];
      generationConfig: object;
    };
    expect(contents[0]!.parts[1]).toEqual({ inlineData: { mimeType: 'audio/mp3', data: samples.toString('base64') } });
    expect(contents[0]!.parts[0]!.text).toMatch(/word for word.*spoken is de\..*Names: Ulla/);
    expect(generationConfig).toEqual({ temperature: 0 });
    expect(result).toMatchObject({
      text: 'Hello there.',
      language: 'de',
      usage: { inputTokens: 20, inputAudioTokens: 90, outputTokens: 3 },
    });
  });

  test('times are refused by name', async () => {
    for (const [more, name] of [
      [{ response_format: 'srt' }, 'response_format'],
      [{ timestamp_granularities: ['word'] }, 'timestamp_granularities'],
    ] as const) {
      const fake = fakeWire([], { model: 'gemini-2.5-flash' });
      expect((await failing(run.transcription({ model: '', file, ...more } as TranscriptionRequest, fake.wire))).param).toBe(name);
    }
  });

  test('a translation is another prompt', async () => {
    const { wire, calls } = open([words], 'gemini-2.5-flash');
    expect((await run.translation({ model: '', file }, wire))['text']).toBe('Hello there.');
    expect(JSON.stringify(calls[0]!.json)).toContain('in English');
  });

  test('models that transcribe and nothing else have an API of their own', async () => {
    const answer = {
      status: 'completed',
      steps: [
        {
          content: [
            {
              type: 'text',
              text: 'Hello there.',
              annotations: [
                { type: 'word_info', text: 'Hello', start_offset: '0s', end_offset: '0.5s', speaker: '1' },
                { type: 'word_info', text: 'there.', start_offset: '0.5s', end_offset: '1.250s', speaker: '1' },
                { type: 'other' },
              ],
            },
          ],
        },
      ],
      usage: { total_input_tokens: 100, total_output_tokens: 5, input_tokens_by_modality: [{ modality: 'audio', tokens: 90 }] },
    };
    const { wire, calls } = open([{ json: answer }], 'gemini-3.5-transcribe');
    const result = await run.transcription({ model: '', file, language: 'en', response_format: 'vtt' }, wire);
    expect(calls).toEqual([
      {
        url: '/interactions',
        headers: { 'api-revision': '2026-05-20' },
        json: {
          model: 'gemini-3.5-transcribe',
          input: [{ type: 'audio', data: samples.toString('base64'), mime_type: 'audio/mp3' }],
          generation_config: {
            transcription_config: {
              language_codes: ['en-US'],
              mode: { type: 'verbatim', timestamp_granularities: ['word'], diarization_mode: 'speaker' },
            },
          },
        },
      },
    ]);
    expect(result).toMatchObject({
      text: 'Hello there.',
      durationSeconds: 1.25,
      words: [
        { word: 'Hello', start: 0, end: 0.5, speaker: '1' },
        { word: 'there.', start: 0.5, end: 1.25, speaker: '1' },
      ],
      segments: [{ start: 0, end: 1.25, text: 'Hello there.', speaker: '1' }],
      usage: { inputTokens: 10, inputAudioTokens: 90, outputTokens: 5 },
    });
    const unfinished = open([{ json: { status: 'failed' } }], 'gemini-3.5-transcribe');
    expect((await failing(run.transcription({ model: '', file }, unfinished.wire))).code).toBe('invalid_response');
  });
});

const name = 'models/veo-3.1-generate-preview/operations/abc123';
const uri = 'https://generativelanguage.googleapis.com/v1beta/files/f1:download?alt=media';
const made = { json: { name, done: true, response: { generateVideoResponse: { generatedSamples: [{ video: { uri } }] } } } };

describe('Veo', () => {
  test('begins an operation, whose name is the id', async () => {
    const { wire, calls } = open([{ json: { name } }], 'veo-3.1-generate-preview');
    const image = { bytes: new Blob([samples]), name: 'a.jpg', type: 'image/jpeg' };
    const result = await run['video-create'](
      { model: '', prompt: 'a cat', seconds: '6', size: '1080x1920', input_reference: image, negativePrompt: 'dogs', sampleCount: 2 },
      wire,
    );
    expect(calls).toEqual([
      {
        url: '/models/{model}:predictLongRunning',
        json: {
          instances: [{ prompt: 'a cat', image: { bytesBase64Encoded: samples.toString('base64'), mimeType: 'image/jpeg' } }],
          parameters: { aspectRatio: '9:16', resolution: '1080p', durationSeconds: 6, negativePrompt: 'dogs', sampleCount: 2 },
        },
      },
    ]);
    expect(result as object).toEqual({
      body: { id: name, status: 'queued', seconds: '6', size: '1080x1920' },
      usage: { inputTokens: 0, outputTokens: 0, units: { outputSeconds: 12 } },
    });
  });

  test('a size that it does not have is said', async () => {
    const fake = open([{ json: { name } }], 'veo-2');
    const { usage } = await run['video-create']({ model: '', prompt: 'a', size: '1024x1024' }, fake.wire);
    expect([fake.dropped.map(({ what }) => what), usage?.units]).toEqual([['size'], { outputSeconds: 8 }]);
  });

  test.each([
    [{ json: { name } }, { id: name, status: 'in_progress' }],
    [made, { id: name, status: 'completed' }],
    [
      { json: { name, done: true, error: { code: 3, status: 'INVALID_ARGUMENT', message: 'No.' } } },
      { id: name, status: 'failed', error: { code: 'INVALID_ARGUMENT', message: 'No.' } },
    ],
    [
      {
        json: { name, done: true, response: { generateVideoResponse: { raiMediaFilteredCount: 1, raiMediaFilteredReasons: ['Faces.'] } } },
      },
      { id: name, status: 'failed', error: { code: 'content_filtered', message: 'Faces.' } },
    ],
  ])('how far an operation is', async (answer, expected) => {
    const { wire, calls } = open([answer], '');
    expect((await run['video-retrieve']({ id: name }, wire)).body as object).toEqual(expected);
    expect(calls).toEqual([{ url: `/${name}` }]);
  });

  test.each(['../files', 'models/x/../../y', 'files/f1', 'models/a/operations/b?key=c', ''])('%p is no operation', async (id) => {
    const fake = open([], '');
    expect((await failing(run['video-retrieve']({ id }, fake.wire))).code).toBe('not_found');
    expect(fake.calls).toEqual([]);
  });

  test('the video comes from the link, by way of the base URL', async () => {
    const { wire, calls } = open([made, { bytes: [samples], headers: { 'content-type': 'video/mp4' } }], '');
    const stream = await run['video-content']({ id: name }, wire);
    expect([stream.contentType, await stream.read()]).toEqual(['video/mp4', samples]);
    expect(calls[1]).toEqual({ url: '/files/f1:download?alt=media', follow: true });
  });

  test('what is not there is not given', async () => {
    const early = await failing(run['video-content']({ id: name }, open([{ json: { name } }], '').wire));
    expect([early.code, early.message]).toEqual(['invalid_request', 'The video is not ready: it is in_progress.']);
    const held = { json: { name, done: true, response: { raiMediaFilteredReasons: ['Faces.'] } } };
    const never = await failing(run['video-content']({ id: name }, open([held], '').wire));
    expect([never.code, never.message]).toEqual(['content_policy_violation', 'Faces.']);
  });
});

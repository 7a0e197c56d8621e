import { describe, expect, test } from 'bun:test';
import { fakeWire, type FakeAnswer } from '../../../../test/kit/fake-wire.ts';
import { Secret, type SluiceError, type SpeechRequest, type Target, type TranscriptionRequest, type Wire } from '../../types/index.ts';
import { upstreamUrl } from '../url.ts';
import { createVertex } from '../vertex/index.ts';

const vertex = createVertex({ fetch: () => Promise.reject(new Error('no network in this test')), env: () => ({}) });
const options = { vertex_project: 'p-1', vertex_location: 'europe-west4', vertex_access_token: new Secret('ya29.t') };

const open = (answers: readonly FakeAnswer[], model: string, target: Partial<Target> = {}) =>
  fakeWire(answers, { provider: vertex, model, dropParams: true, target: { options, ...target } });

type Run = (request: object, wire: Wire) => Promise<Record<string, unknown> & { read(): Promise<Uint8Array | undefined> }>;
const run = (operation: 'speech' | 'transcription' | 'video-create' | 'video-retrieve' | 'video-content') =>
  vertex.operations![operation] as unknown as Run;
const failing = (promise: Promise<unknown>) => promise.catch((cause: unknown) => cause) as Promise<SluiceError>;

test("sound and video belong to Google's own models", () => {
  expect(Object.keys(vertex.operations!)).toContain('video-create');
  expect(vertex.variant!({ model: 'claude-sonnet-4-5' }).operations).toBeUndefined();
});

test('the host alone needs no project, so that links can be judged', () => {
  const target = { provider: vertex, model: 'veo-3', apiKey: new Secret('k') };
  expect(upstreamUrl(target, { protocol: 'openai-chat', path: '' }, false)).toBe('https://us-central1-aiplatform.googleapis.com');
  expect(upstreamUrl({ ...target, options }, { protocol: 'openai-chat', path: '' }, false)).toBe(
    'https://europe-west4-aiplatform.googleapis.com',
  );
});

describe('Cloud Text-to-Speech', () => {
  const spoken = { json: { audioContent: Buffer.from('ID3').toString('base64') } };
  const say = async (more: Partial<SpeechRequest>, model = 'chirp3-hd', target: Partial<Target> = {}) => {
    const fake = open([spoken], model, target);
    const result = await run('speech')({ input: 'Hi', ...more }, fake.wire);
    return { ...fake, result, json: fake.calls[0]!.json as { voice: object; input: object; audioConfig: object } };
  };

  test('a voice, a text and a format', async () => {
    const { calls, result } = await say({ voice: 'de-DE-Chirp3-HD-Kore', speed: 1.2 });
    expect(calls).toEqual([
      {
        url: 'https://texttospeech.googleapis.com/v1/text:synthesize',
        json: {
          input: { text: 'Hi' },
          voice: { languageCode: 'de-DE', name: 'de-DE-Chirp3-HD-Kore' },
          audioConfig: { audioEncoding: 'MP3', speakingRate: 1.2 },
        },
      },
    ]);
    expect([result['contentType'], await result.read()]).toEqual(['audio/mpeg', new Uint8Array(Buffer.from('ID3'))]);
    expect((result['usage'] as () => unknown)()).toMatchObject({ units: { inputCharacters: 2 } });
  });

  test.each([
    ['Charon', 'chirp3-hd', { languageCode: 'en-US', name: 'en-US-Chirp3-HD-Charon' }],
    [undefined, 'chirp', { languageCode: 'en-US', name: 'en-US-Chirp3-HD-Charon' }],
    ['alloy', 'tts', { languageCode: 'en-US', name: 'en-US-Studio-O' }],
    ['fable', 'tts', { languageCode: 'en-GB', name: 'en-GB-Studio-B' }],
    [
      { languageCode: 'ja-JP', name: 'ja-JP-Wavenet-A' } as unknown as { id: string },
      'tts',
      { languageCode: 'ja-JP', name: 'ja-JP-Wavenet-A' },
    ],
  ])('the voice %j of %s', async (voice, model, expected) => {
    expect((await say(voice === undefined ? {} : { voice }, model)).json.voice).toEqual(expected);
  });

  test('formats, markup and its own members', async () => {
    expect((await say({ response_format: 'pcm' })).json.audioConfig).toEqual({ audioEncoding: 'PCM', sampleRateHertz: 24_000 });
    expect((await say({ response_format: 'wav', audioConfig: { pitch: 2 } })).json.audioConfig).toEqual({
      audioEncoding: 'LINEAR16',
      pitch: 2,
    });
    expect((await say({ input: '<speak>Hi</speak>' })).json.input).toEqual({ ssml: '<speak>Hi</speak>' });
    expect((await say({ input: 'Hi <b/>', use_ssml: true })).json.input).toEqual({ ssml: 'Hi <b/>' });
    expect((await say({ response_format: 'flac', instructions: 'x' })).lacking).toEqual(['instructions', 'response_format']);
  });

  test("a gateway of one's own stands for all services", async () => {
    const { calls } = await say({}, 'chirp', { baseUrl: 'https://proxy.test' });
    expect(calls[0]!.url).toBe('https://proxy.test/v1/text:synthesize');
  });

  test('an answer without sound is none; Gemini speaks as everywhere', async () => {
    expect((await failing(run('speech')({ input: 'x' }, open([{ json: {} }], 'chirp').wire))).code).toBe('invalid_response');
    const fake = open(
      [{ json: { candidates: [{ content: { parts: [{ inlineData: { mimeType: 'audio/L16;rate=24000', data: 'AAA=' } }] } }] } }],
      'gemini-2.5-pro-tts',
    );
    await run('speech')({ input: 'x' }, fake.wire);
    expect(fake.calls[0]!.url).toBe('/publishers/google/models/{model}:generateContent');
  });
});

describe('Cloud Speech-to-Text', () => {
  const file = { bytes: new Blob(['x']), name: 'a.wav', type: 'audio/wav' };
  const heard = {
    results: [
      {
        alternatives: [
          {
            transcript: 'hello there',
            words: [
              { word: 'hello', endOffset: '0.400s', speakerLabel: '1' },
              { word: 'there', startOffset: '0.400s', endOffset: '1s', speakerLabel: '2' },
            ],
          },
        ],
        languageCode: 'en-us',
      },
      { alternatives: [{ transcript: ' bye' }] },
    ],
    metadata: { totalBilledDuration: '2s' },
  };
  const hear = async (json: unknown, more: Partial<TranscriptionRequest> = {}, target: Partial<Target> = {}) => {
    const fake = open([{ json }], 'chirp_3', target);
    return { ...fake, result: await run('transcription')({ file, ...more }, fake.wire) };
  };

  test('is called in the place of the target', async () => {
    const { calls, lacking } = await hear(heard, {
      language: 'de',
      response_format: 'diarized_json',
      features: '{"profanityFilter":true}',
      prompt: 'x',
    });
    expect(calls).toEqual([
      {
        url: 'https://europe-west4-speech.googleapis.com/v2/projects/p-1/locations/europe-west4/recognizers/_:recognize',
        json: {
          config: {
            model: 'chirp_3',
            languageCodes: ['de-DE'],
            autoDecodingConfig: {},
            features: { enableAutomaticPunctuation: true, enableWordTimeOffsets: true, diarizationConfig: {}, profanityFilter: true },
          },
          content: 'eA==',
        },
      },
    ]);
    expect(lacking).toEqual(['prompt']);
  });

  test('without a place it is the United States, without a language any', async () => {
    const { calls } = await hear({}, {}, { options: { vertex_project: 'p-1', vertex_access_token: options.vertex_access_token } });
    expect(calls[0]!.url).toBe('https://us-speech.googleapis.com/v2/projects/p-1/locations/us/recognizers/_:recognize');
    expect(calls[0]!.json).toMatchObject({ config: { languageCodes: ['auto'] } });
  });

  test('results are put together', async () => {
    expect((await hear(heard)).result as object).toEqual({
      text: 'hello there bye',
      language: 'en-us',
      durationSeconds: 2,
      usage: { inputTokens: 0, outputTokens: 0, units: { inputSeconds: 2 } },
      segments: [
        { start: 0, end: 0.4, text: 'hello', speaker: '1' },
        { start: 0.4, end: 1, text: 'there', speaker: '2' },
      ],
      words: [
        { word: 'hello', start: 0, end: 0.4, speaker: '1' },
        { word: 'there', start: 0.4, end: 1, speaker: '2' },
      ],
    });
    expect((await hear({})).result as object).toEqual({ text: '' });
  });

  test('without a project it says so', async () => {
    const failure = await failing(hear(heard, {}, { apiKey: new Secret('k'), options: {} }));
    expect([failure.code, failure.param]).toEqual(['invalid_request', 'vertex_project']);
  });
});

describe('Veo on Vertex AI', () => {
  const name = 'projects/p-1/locations/europe-west4/publishers/google/models/veo-3.1-generate-001/operations/o-1';
  const done = (video: object) => ({ json: { name, done: true, response: { videos: [video] } } });

  test('an operation is looked at by its name', async () => {
    const { wire, calls } = open([{ json: { name } }, { json: { name } }, done({ gcsUri: 'gs://b/v.mp4' })], 'veo-3.1-generate-001');
    const { body } = (await run('video-create')({ prompt: 'a' }, wire)) as unknown as { body: { id: string } };
    expect(body.id).toBe(name);
    expect(await run('video-retrieve')({ id: name }, wire)).toMatchObject({ body: { status: 'in_progress' } });
    expect(await run('video-retrieve')({ id: name }, wire)).toMatchObject({ body: { status: 'completed' } });
    expect(calls.map(({ url }) => url)).toEqual([
      '/publishers/google/models/{model}:predictLongRunning',
      '/publishers/google/models/veo-3.1-generate-001:fetchPredictOperation',
      '/publishers/google/models/veo-3.1-generate-001:fetchPredictOperation',
    ]);
    expect(calls[1]!.json).toEqual({ operationName: name });
  });

  test('the video stands in the answer, or in a bucket', async () => {
    const inline = open([done({ bytesBase64Encoded: 'AQID', mimeType: 'video/mp4' })], 'veo');
    const first = await run('video-content')({ id: name }, inline.wire);
    expect([first['contentType'], await first.read()]).toEqual(['video/mp4', new Uint8Array([1, 2, 3])]);
    const stored = open([done({ gcsUri: 'gs://my-bucket/a/b c.mp4' }), { bytes: [new Uint8Array([1])] }], 'veo');
    await run('video-content')({ id: name }, stored.wire);
    expect(stored.calls[1]).toEqual({
      url: 'https://storage.googleapis.com/storage/v1/b/my-bucket/o/a%2Fb%20c.mp4?alt=media',
      follow: true,
    });
    const none = open([done({ gcsUri: 'ftp://x' })], 'veo');
    expect((await failing(run('video-content')({ id: name }, none.wire))).code).toBe('invalid_response');
  });

  test.each(['operations/o-1', 'projects/p/locations/l/publishers/google/models/../operations/x/y', ''])(
    '%p is no operation',
    async (id) => {
      expect((await failing(run('video-retrieve')({ id }, open([], 'veo').wire))).code).toBe('not_found');
    },
  );
});

import { describe, expect, test } from 'bun:test';
import { fakeWire } from '../../../../test/kit/fake-wire.ts';
import { Secret, type SluiceError, type SpeechRequest, type Target } from '../../types/index.ts';
import { credentialHeaders } from '../credentials.ts';
import { upstreamUrl } from '../url.ts';
import { createPolly } from './index.ts';
import { speech } from './speech.ts';

const polly = createPolly({
  fetch: () => Promise.reject(new Error('no network in this test')),
  readFile: () => Promise.reject(new Error('no files in this test')),
  now: () => Date.UTC(2026, 10, 22),
});

const say = async (more: Partial<SpeechRequest>, model = 'neural', dropParams = true) => {
  const fake = fakeWire([{ bytes: [new Uint8Array([7, 8])], headers: { 'content-type': 'audio/mpeg', 'x-amzn-requestcharacters': '3' } }], {
    provider: polly,
    model,
    dropParams,
  });
  const result = await speech({ model: '', input: 'Hi', ...more }, fake.wire);
  return { ...fake, result, json: fake.calls[0]!.json as Record<string, unknown> };
};

describe('speech by Polly', () => {
  test('the model is the engine', async () => {
    const { calls, result } = await say({ voice: 'alloy' });
    expect(calls).toEqual([
      { url: '/v1/speech', json: { Engine: 'neural', OutputFormat: 'mp3', Text: 'Hi', TextType: 'text', VoiceId: 'Joanna' } },
    ]);
    expect(await result.read()).toEqual(new Uint8Array([7, 8]));
    expect(result.usage!()?.units).toEqual({ inputCharacters: 3 });
  });

  test.each([
    ['generative', undefined, 'generative', 'Ruth'],
    ['long-form', 'Gregory', 'long-form', 'Gregory'],
    ['standard', 'onyx', 'standard', 'Brian'],
    ['constructor', undefined, 'neural', 'Joanna'],
  ])('%s with the voice %p', async (model, voice, engine, expected) => {
    const { json } = await say(voice === undefined ? {} : { voice }, model);
    expect([json['Engine'], json['VoiceId']]).toEqual([engine, expected]);
  });

  test.each([
    ['opus', 'ogg_opus', 'audio/mpeg'],
    ['ogg_vorbis', 'ogg_vorbis', 'audio/mpeg'],
    ['pcm', 'pcm', 'audio/mpeg'],
    ['wav', 'pcm', 'audio/wav'],
  ])('%s is %s', async (response_format, output, contentType) => {
    const { json, result, lacking } = await say({ response_format });
    expect([json['OutputFormat'], result.contentType, lacking]).toEqual([output, contentType, []]);
  });

  test('a WAV file has a head that says the rate of the samples', async () => {
    const { result } = await say({ response_format: 'wav', sample_rate: 8000 });
    const head = Buffer.from((await result.read())!);
    expect([head.toString('latin1', 0, 4), head.readUInt32LE(24)]).toEqual(['RIFF', 8000]);
    expect(await result.read()).toEqual(new Uint8Array([7, 8]));
  });

  test('what OpenAI has and Polly lacks is named', async () => {
    const { lacking } = await say({ response_format: 'flac', instructions: 'x', pitch: 2 });
    expect(lacking).toEqual(['instructions', 'response_format', 'pitch']);
    expect((await say({ response_format: 'pcm' })).dropped.map(({ what }) => what)).toEqual(['response_format']);
    const failure = await say({ response_format: 'aac' }, 'neural', false).catch((cause: unknown) => cause);
    expect((failure as SluiceError).param).toBe('response_format');
  });

  test('a speed is said in the markup, and markup is told from text', async () => {
    expect((await say({ input: 'a < b & c', speed: 1.5 })).json).toMatchObject({
      Text: '<speak><prosody rate="150%">a &lt; b &amp; c</prosody></speak>',
      TextType: 'ssml',
    });
    expect((await say({ input: '<speak>Hi</speak>' })).json).toMatchObject({ Text: '<speak>Hi</speak>', TextType: 'ssml' });
    expect((await say({ input: 'write <speak> first' })).json).toMatchObject({ TextType: 'text' });
    expect((await say({ input: '<speak>Hi</speak>', speed: 2 })).lacking).toEqual(['speed']);
  });

  test('its own members are written as it has them', async () => {
    const { json } = await say({ language_code: 'hi-IN', LexiconNames: ['x'], sample_rate: 22050 });
    expect(json).toMatchObject({ LanguageCode: 'hi-IN', LexiconNames: ['x'], SampleRate: '22050' });
  });
});

describe('the provider', () => {
  const target = (more: Partial<Target> = {}): Target => ({
    provider: polly,
    model: 'neural',
    options: { aws_access_key_id: 'AKIA', aws_secret_access_key: new Secret('s'), aws_region_name: 'eu-west-1' },
    ...more,
  });
  const url = (given: Target) => upstreamUrl(given, { protocol: 'openai-chat', path: '/v1/speech' }, false);

  test('its host is the one of the region', () => {
    expect(url(target())).toBe('https://polly.eu-west-1.amazonaws.com/v1/speech');
    expect(url(target({ options: { aws_region_name: 'cn-north-1' } }))).toBe('https://polly.cn-north-1.amazonaws.com.cn/v1/speech');
    expect(url(target({ baseUrl: 'https://vpce-1.polly.us-east-1.vpce.amazonaws.com/v1/speech' }))).toBe(
      'https://vpce-1.polly.us-east-1.vpce.amazonaws.com/v1/speech',
    );
    expect(() => url(target({ options: {} }))).toThrow(/region/);
    expect(polly.resolveModel!('us-west-2/generative')).toEqual({ model: 'generative', options: { aws_model_region: 'us-west-2' } });
    expect(polly.resolveModel!('neural')).toEqual({ model: 'neural' });
  });

  test('requests are signed for the service', async () => {
    const request = { method: 'POST', url: url(target()), body: '{}', headers: { 'content-type': 'application/json' } };
    const { authorization } = await credentialHeaders(target(), request);
    expect(authorization).toStartWith('AWS4-HMAC-SHA256 Credential=AKIA/20261122/eu-west-1/polly/aws4_request');
  });
});

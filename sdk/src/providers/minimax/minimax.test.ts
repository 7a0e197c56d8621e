import { describe, expect, test } from 'bun:test';
import { fakeWire } from '../../../../test/kit/fake-wire.ts';
import type { SluiceError, SpeechRequest } from '../../types/index.ts';
import { speech } from './speech.ts';

/** As the vendor's documents show it. */
const spoken = {
  data: { audio: '4944330a', status: 2 },
  extra_info: { audio_length: 9900, usage_characters: 26, audio_format: 'mp3' },
  trace_id: 't',
  base_resp: { status_code: 0, status_msg: 'success' },
};

const say = async (more: Partial<SpeechRequest> = {}, json: unknown = spoken) => {
  const fake = fakeWire([{ json }], { model: 'speech-2.8-hd', dropParams: true });
  const result = await speech({ model: '', input: 'Hi', ...more }, fake.wire);
  return { ...fake, result, json: fake.calls[0]!.json };
};

describe('speech by MiniMax', () => {
  test('its hexadecimal text becomes bytes', async () => {
    const { calls, result } = await say({ voice: 'alloy' });
    expect(calls).toEqual([
      {
        url: '/v1/t2a_v2',
        json: {
          model: 'speech-2.8-hd',
          text: 'Hi',
          stream: false,
          output_format: 'hex',
          voice_setting: { voice_id: 'male-qn-qingse' },
          audio_setting: { format: 'mp3' },
        },
      },
    ]);
    expect(result.contentType).toBe('audio/mpeg');
    expect(await result.read()).toEqual(new Uint8Array([0x49, 0x44, 0x33, 0x0a]));
    expect(await result.read()).toBeUndefined();
    expect(result.usage!()?.units).toEqual({ inputCharacters: 26 });
  });

  test('members go to where it wants them', async () => {
    const { json, result, dropped } = await say({
      voice: 'English_Graceful_Lady',
      speed: 3,
      response_format: 'pcm',
      emotion: 'happy',
      bitrate: 64000,
      language_boost: 'auto',
      voice_setting: { pitch: 1 },
    });
    expect(json).toEqual({
      model: 'speech-2.8-hd',
      text: 'Hi',
      stream: false,
      language_boost: 'auto',
      output_format: 'hex',
      voice_setting: { voice_id: 'English_Graceful_Lady', speed: 2, emotion: 'happy', pitch: 1 },
      audio_setting: { format: 'pcm', sample_rate: 24000, bitrate: 64000 },
    });
    expect(result.contentType).toBe('audio/pcm');
    expect(dropped.map(({ what }) => what)).toEqual(['speed']);
  });

  test('formats that it lacks are named', async () => {
    expect((await say({ response_format: 'opus', instructions: 'x' })).lacking).toEqual(['instructions', 'response_format']);
  });

  test.each([
    [1004, 'authentication', 401],
    [1002, 'rate_limited', 429],
    [1008, 'payment_required', 402],
    [1026, 'content_policy_violation', 400],
    [2013, 'invalid_request', 400],
    [9999, 'invalid_request', 400],
  ] as const)('the code %p is a failure, whatever the status', async (status_code, code, status) => {
    const failure = (await say({}, { base_resp: { status_code, status_msg: 'words' } }).catch((cause: unknown) => cause)) as SluiceError;
    expect([failure.code, failure.status, failure.message, failure.upstream?.code]).toEqual([code, status, 'words', String(status_code)]);
  });

  test('an answer without sound is none; neither is one that is not hexadecimal', async () => {
    const failure = (await say({}, { ...spoken, data: {} }).catch((cause: unknown) => cause)) as SluiceError;
    expect(failure.code).toBe('invalid_response');
    const { result } = await say({}, { ...spoken, data: { audio: 'zz' } });
    const broken = (await result.read().catch((cause: unknown) => cause)) as SluiceError;
    expect(broken.code).toBe('invalid_response');
    expect(await result.read()).toBeUndefined();
  });
});

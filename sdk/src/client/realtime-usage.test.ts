import { describe, expect, test } from 'bun:test';
import { addUsage, realtimeUsage } from './realtime-usage.ts';

describe('usage of a conversation', () => {
  test('of OpenAI, with sound and text apart', () => {
    const usage = realtimeUsage(
      JSON.stringify({
        type: 'response.done',
        response: {
          usage: {
            total_tokens: 253,
            input_tokens: 132,
            output_tokens: 121,
            input_token_details: {
              text_tokens: 119,
              audio_tokens: 13,
              cached_tokens: 64,
              cached_tokens_details: { text_tokens: 64, audio_tokens: 0 },
            },
            output_token_details: { text_tokens: 30, audio_tokens: 91 },
          },
        },
      }),
    );
    expect(usage).toMatchObject({ cacheReadTokens: 64, inputAudioTokens: 13, outputTokens: 30, outputAudioTokens: 91, inputTokens: 55 });
  });

  test('of Gemini Live, in its own words', () => {
    const usage = realtimeUsage('{"usageMetadata":{"promptTokenCount":10,"responseTokenCount":7,"totalTokenCount":17}}');
    expect(usage).toMatchObject({ inputTokens: 10, outputTokens: 7 });
  });

  test('of transcriptions, by tokens or by time', () => {
    const event = (usage: object) => JSON.stringify({ type: 'conversation.item.input_audio_transcription.completed', usage });
    expect(realtimeUsage(event({ type: 'tokens', input_tokens: 9, output_tokens: 4 }))).toMatchObject({ inputTokens: 9, outputTokens: 4 });
    expect(realtimeUsage(event({ type: 'duration', seconds: 3 }))).toEqual({ inputTokens: 0, outputTokens: 0, units: { inputSeconds: 3 } });
  });

  test('of nothing else', () => {
    for (const text of [
      '{"type":"response.output_audio.delta","delta":"usage"}',
      '{"type":"x","usage":{"input_tokens":1}}',
      '"usage"',
      '{"usageMetadata":1}',
      '',
    ])
      expect(realtimeUsage(text)).toBeUndefined();
  });

  test('is added up, count by count', () => {
    const first = { inputTokens: 1, outputTokens: 2, inputAudioTokens: 3, units: { inputSeconds: 1 }, raw: {} };
    const both = addUsage(first, {
      inputTokens: 10,
      outputTokens: 20,
      outputAudioTokens: 5,
      units: { inputSeconds: 2 },
      serviceTier: 'x',
      raw: {},
    });
    expect(both).toEqual({
      inputTokens: 11,
      outputTokens: 22,
      inputAudioTokens: 3,
      outputAudioTokens: 5,
      units: { inputSeconds: 3 },
      serviceTier: 'x',
    });
    expect(addUsage(undefined, first)).toEqual({ inputTokens: 1, outputTokens: 2, inputAudioTokens: 3, units: { inputSeconds: 1 } });
  });
});

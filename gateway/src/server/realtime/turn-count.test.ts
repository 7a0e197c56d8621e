import { describe, expect, test } from 'bun:test';
import { TurnCount } from './turn-count.ts';

const done = (input: number, output: number) =>
  JSON.stringify({
    type: 'response.done',
    response: { usage: { input_tokens: input, output_tokens: output, total_tokens: input + output } },
  });
const said = (delta: string, type = 'response.output_audio_transcript.delta') => JSON.stringify({ type, delta });
const sound = JSON.stringify({ type: 'response.output_audio.delta', delta: 'A'.repeat(4000) });

describe('what of a conversation its provider has not counted', () => {
  test('nothing, where all is counted', () => {
    const turns = new TurnCount();
    expect(turns.uncounted()).toBeUndefined();
    turns.see(said('x'.repeat(40)));
    expect(turns.see(done(10, 4))).toMatchObject({ inputTokens: 10, outputTokens: 4 });
    expect(turns.uncounted()).toBeUndefined();
  });

  test('what was said since, with what the last response read', () => {
    const turns = new TurnCount();
    turns.see(done(120, 4));
    turns.see(said('x'.repeat(40), 'response.output_text.delta'));
    expect(turns.uncounted()).toEqual({ inputTokens: 120, outputTokens: 10 });
    expect(turns.uncounted()).toBeUndefined();
  });

  test('sound by its transcript, and not as text', () => {
    const turns = new TurnCount();
    turns.see(done(120, 4));
    turns.see(sound);
    turns.see(said('x'.repeat(60)));
    expect(turns.uncounted()).toEqual({ inputTokens: 120, outputTokens: 15, outputAudioTokens: 80 });
  });

  test('before anything is counted, what the client has said and how long it spoke', () => {
    const turns = new TurnCount();
    turns.heard(JSON.stringify({ type: 'session.update', session: { instructions: 'x'.repeat(400), audio: {} } }));
    turns.heard(JSON.stringify({ type: 'input_audio_buffer.append', audio: 'A'.repeat(6300) }));
    turns.heard(Buffer.from([1]));
    turns.see('{"type":"response.created"}');
    expect(turns.uncounted()).toEqual({ inputTokens: 100, inputAudioTokens: 1, outputTokens: 0 });
  });

  test('transcriptions of what was heard are counted by themselves', () => {
    const turns = new TurnCount();
    turns.see(said('x'.repeat(40)));
    const usage = { type: 'tokens', input_tokens: 9, output_tokens: 4 };
    const heard = JSON.stringify({ type: 'conversation.item.input_audio_transcription.completed', usage });
    expect(turns.see(heard)).toMatchObject({ inputTokens: 9, outputTokens: 4 });
    expect(turns.uncounted()).toMatchObject({ outputTokens: 10 });
  });

  test('Gemini Live, in binary frames', () => {
    const turns = new TurnCount();
    turns.see(Buffer.from(JSON.stringify({ serverContent: { modelTurn: { parts: [{ text: 'x'.repeat(40) }] } } })));
    turns.see(Buffer.from(JSON.stringify({ serverContent: { inputTranscription: { text: 'x'.repeat(400) } } })));
    expect(turns.uncounted()).toMatchObject({ outputTokens: 10 });
    expect(turns.see(Buffer.from('{"usageMetadata":{"promptTokenCount":10,"responseTokenCount":7,"totalTokenCount":17}}'))).toMatchObject({
      inputTokens: 10,
      outputTokens: 7,
    });
  });
});

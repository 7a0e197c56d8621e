import { expect, test } from 'bun:test';
import { fakeWire } from '../../../../test/kit/fake-wire.ts';
import type { Adapter, SpeechRequest } from '../../types/index.ts';
import { lmnt } from './index.ts';

const say = async (more: Partial<SpeechRequest>) => {
  const fake = fakeWire([{ bytes: [new Uint8Array([1])], headers: { 'content-type': 'audio/mpeg' } }], {
    provider: lmnt,
    model: 'blizzard',
    dropParams: true,
  });
  const result = await (lmnt.operations!.speech as Adapter<'speech'>)({ model: '', input: 'Hi', ...more }, fake.wire);
  return { ...fake, result };
};

test('a text, a voice and a format', async () => {
  const { calls, result } = await say({ voice: 'leah', speed: 1.5, temperature: 0.8 });
  expect(calls).toEqual([
    { url: '/v1/ai/speech/bytes', json: { model: 'blizzard', text: 'Hi', voice: 'leah', format: 'mp3', speed: 1.5, temperature: 0.8 } },
  ]);
  expect([await result.read(), result.usage!()?.units]).toEqual([new Uint8Array([1]), { inputCharacters: 2 }]);
});

test("OpenAI's formats and voices, as far as there are such", async () => {
  expect((await say({ response_format: 'pcm' })).calls[0]!.json).toMatchObject({ format: 'pcm_s16le', sample_rate: 24_000, voice: 'ava' });
  const { lacking, dropped, calls } = await say({ voice: 'alloy', response_format: 'opus', instructions: 'x' });
  expect([lacking, dropped.map(({ what }) => what)]).toEqual([['instructions', 'response_format'], ['voice']]);
  expect(calls[0]!.json).toMatchObject({ voice: 'ava', format: 'mp3' });
  expect((await say({ response_format: 'webm' })).lacking).toEqual([]);
});

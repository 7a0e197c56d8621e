import { expect, test } from 'bun:test';
import { fakeWire } from '../../../../test/kit/fake-wire.ts';
import type { Adapter, SpeechRequest } from '../../types/index.ts';
import { hume } from './index.ts';

const say = async (more: Partial<SpeechRequest>, model = 'octave-2') => {
  const fake = fakeWire([{ bytes: [new Uint8Array([1])], headers: { 'content-type': 'audio/mpeg' } }], {
    provider: hume,
    model,
    dropParams: true,
  });
  const result = await (hume.operations!.speech as Adapter<'speech'>)({ model: '', input: 'Hi', ...more }, fake.wire);
  return { ...fake, result };
};

test('an utterance with its voice and how it is said', async () => {
  const { calls, result } = await say({ voice: 'Ava Song', instructions: 'softly', speed: 0.9, context: { generation_id: 'g' } });
  expect(calls).toEqual([
    {
      url: '/v0/tts/file',
      json: {
        utterances: [{ text: 'Hi', speed: 0.9, description: 'softly', voice: { name: 'Ava Song', provider: 'HUME_AI' } }],
        format: { type: 'mp3' },
        version: '2',
        context: { generation_id: 'g' },
      },
    },
  ]);
  expect([await result.read(), result.usage!()?.units]).toEqual([new Uint8Array([1]), { inputCharacters: 2 }]);
});

test('ids are told from names, and voices of OpenAI left out', async () => {
  const id = 'd8ab67c6-953d-4bd8-9370-8fa53a0f1453';
  expect((await say({ voice: id }, 'octave')).calls[0]!.json).toEqual({
    utterances: [{ text: 'Hi', voice: { id } }],
    format: { type: 'mp3' },
  });
  const { calls, dropped, lacking } = await say({ voice: 'alloy', response_format: 'flac' });
  expect(calls[0]!.json).toMatchObject({ utterances: [{ text: 'Hi' }] });
  expect([dropped.map(({ what }) => what), lacking]).toEqual([['voice'], ['response_format']]);
});

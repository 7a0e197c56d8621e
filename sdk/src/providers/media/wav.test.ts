import { expect, test } from 'bun:test';
import { asWav, wavHeader } from './wav.ts';

test('a head says rate, channels and length', () => {
  const view = Buffer.from(wavHeader({ rateHz: 24_000 }, 10));
  expect(view.toString('latin1', 0, 4) + view.toString('latin1', 8, 16) + view.toString('latin1', 36, 40)).toBe('RIFFWAVEfmt data');
  expect([view.readUInt32LE(4), view.readUInt32LE(24), view.readUInt32LE(28), view.readUInt16LE(32), view.readUInt32LE(40)]).toEqual([
    46, 24_000, 48_000, 2, 10,
  ]);
});

test('it stands before samples as they come, of any length', async () => {
  const pieces = [new Uint8Array([1]), new Uint8Array([2])];
  let cancelled = false;
  const stream = asWav(
    { contentType: 'audio/pcm', read: async () => pieces.shift(), cancel: () => void (cancelled = true) },
    { rateHz: 16_000, channels: 2 },
  );
  expect(stream.contentType).toBe('audio/wav');
  const head = Buffer.from((await stream.read())!);
  expect([head.length, head.readUInt32LE(4), head.readUInt16LE(22), head.readUInt32LE(28)]).toEqual([44, 0xffffffff, 2, 64_000]);
  expect(await stream.read()).toEqual(new Uint8Array([1]));
  expect(await stream.read()).toEqual(new Uint8Array([2]));
  expect(await stream.read()).toBeUndefined();
  stream.cancel();
  expect(cancelled).toBe(true);
});

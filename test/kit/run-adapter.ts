import type { MediaFile, Operation, Operations, Provider } from 'sluice/kit';
import { fakeWire, type FakeAnswer, type FakeWire, type FakeWireOptions } from './fake-wire.ts';

/** Does one call of a provider over a list of answers. */
export const runAdapter = async <K extends Operation>(
  provider: Provider,
  operation: K,
  request: Omit<Operations[K]['request'], 'model'>,
  answers: readonly FakeAnswer[],
  options: FakeWireOptions = {},
): Promise<{ result: Operations[K]['result']; fake: FakeWire }> => {
  const fake = fakeWire(answers, { provider, ...options });
  const adapter = provider.operations?.[operation] as (
    request: Operations[K]['request'],
    wire: FakeWire['wire'],
  ) => Promise<Operations[K]['result']>;
  return { result: await adapter({ model: 'alias', ...request } as Operations[K]['request'], fake.wire), fake };
};

/** A small file; its base64 is `UE5H`. */
export const somePng: MediaFile = { bytes: new Blob(['PNG'], { type: 'image/png' }), name: 'a.png', type: 'image/png' };
export const someMask: MediaFile = { bytes: new Blob(['MSK'], { type: 'image/png' }), name: 'mask.png', type: 'image/png' };
export const somePngBase64 = 'UE5H';
export const someMaskBase64 = 'TVNL';

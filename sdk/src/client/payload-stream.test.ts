import { expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { formatEventStream, formatPayloadPart } from '../lib/aws-event-stream.ts';
import type { WireEvent } from '../types/index.ts';
import { parserOf } from './framing.ts';

const read = (chunks: readonly Uint8Array[]): WireEvent[] => {
  const events: WireEvent[] = [];
  const parser = parserOf('aws-payload', (event) => void events.push(event));
  for (const chunk of chunks) parser.push(chunk);
  parser.close();
  return events;
};

const cutAt = (bytes: Uint8Array, places: readonly number[]): Uint8Array[] => {
  const ends = [...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return ends.map((end, at) => bytes.subarray(ends[at - 1] ?? 0, end));
};

const places = fc.array(fc.nat(), { maxLength: 20 });

test('JSON in the parts of an event stream: parts and chunks are cut anywhere, even within a character', () => {
  const texts = ['{"token":{"text":"wörld 👋 }{"}}', '{"a":"[DONE]"}', '{"generated_text":"\\"é"}'];
  const body = new TextEncoder().encode(texts.map((text) => `data: ${text}\n\n`).join('') + 'data: [DONE]\n\n');
  fc.assert(
    fc.property(places, places, (ofParts, ofChunks) => {
      const wire = Buffer.concat(cutAt(body, ofParts).map(formatPayloadPart));
      expect(read(cutAt(wire, ofChunks)).map(({ data }) => data)).toEqual([...texts, '[DONE]']);
    }),
  );
});

test('failures are named as exceptions are', () => {
  const failure = formatEventStream({ event: 'ModelStreamErrorException', data: '{"Message":"m"}' });
  expect(read([failure])).toEqual([{ event: 'ModelStreamErrorException', data: '{"Message":"m"}' }]);
});

test('an end in the middle of an object is told', () => {
  expect(() => read([formatPayloadPart(new TextEncoder().encode('data: {"a":'))])).toThrow('cannot be read');
});

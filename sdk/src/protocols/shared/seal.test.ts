import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import type { ThinkingPart } from '../../types/index.ts';
import {
  sealCallId,
  sealOpaque,
  sealSignature,
  sealThinking,
  sealThoughts,
  unsealCallId,
  unsealOpaque,
  unsealSignature,
  unsealThinking,
  unsealThoughts,
} from './seal.ts';

const text = fc.string({ unit: 'grapheme' });
/** No family is named like a text that could be one of ours. */
const origin = fc.constantFrom('anthropic', 'google', 'openrouter');

describe('FP-16: thinking', () => {
  test('a sealed part comes back byte-exact, with its text beside it', () => {
    const signature = fc.record({ origin: fc.constant('anthropic'), value: text });
    const part = fc.record(
      { type: fc.constant('thinking' as const), text, signature, redacted: signature, id: text },
      { requiredKeys: ['type', 'text', 'signature'] },
    );
    fc.assert(fc.property(part, (value: ThinkingPart) => expect(unsealThinking(sealThinking(value)!, value.text)).toEqual(value)));
  });

  test('paragraphs of a summary are found again', () => {
    const summary = ['one', '', 'three\n\nfour'];
    const part: ThinkingPart = { type: 'thinking', text: summary.join('\n\n'), summary, redacted: { origin: 'openai', value: 'x' } };
    expect(unsealThinking(sealThinking(part)!, part.text)?.summary).toEqual(summary);
  });

  test('without anything opaque there is nothing to seal', () => {
    expect(sealThinking({ type: 'thinking', text: 'hm' })).toBeUndefined();
  });

  test('a text that is not sealed is not ours', () => {
    expect(unsealThinking('EvABCmc', '')).toBeUndefined();
    expect(unsealThinking('slc1-????', '')).toBeUndefined();
    expect(unsealThinking('slc1-e30', '')).toBeUndefined();
  });
});

describe('FP-16: thoughts of a turn in one text', () => {
  const thoughts: ThinkingPart[] = [
    { type: 'thinking', text: 'one\n\ntwo', summary: ['one', 'two'], id: 'rs_1', signature: { origin: 'openai', value: 'x' } },
    { type: 'thinking', text: '', redacted: { origin: 'anthropic', value: 'y' } },
  ];

  test('come back with their words', () => {
    expect(unsealThoughts(sealThoughts(thoughts, 'google')!)).toEqual(thoughts);
  });

  test('without what is not opaque, or the format’s own', () => {
    const own: ThinkingPart = { type: 'thinking', text: 'a', signature: { origin: 'google', value: 'z' } };
    const bare: ThinkingPart = { type: 'thinking', text: 'b' };
    expect(unsealThoughts(sealThoughts([own, bare, ...thoughts], 'google')!)).toEqual(thoughts);
    expect(sealThoughts([own, bare], 'google')).toBeUndefined();
  });

  test('are no single thought, and the reverse', () => {
    expect(unsealThinking(sealThoughts(thoughts, 'google')!, 'x')).toBeUndefined();
    expect(unsealThoughts(sealThinking(thoughts[0]!)!)).toBeUndefined();
    expect(unsealThoughts('EvABCmc')).toBeUndefined();
  });
});

describe('signatures', () => {
  test('own ones stay as they are, foreign ones are sealed and come back', () => {
    expect(sealSignature({ origin: 'google', value: 'AV+/=' }, 'google')).toBe('AV+/=');
    fc.assert(
      fc.property(origin, text, (from, value) => {
        const sealed = sealSignature({ origin: from, value }, 'openai');
        expect(sealed).toMatch(/^[a-zA-Z0-9_-]+$/);
        expect(unsealSignature(sealed, 'openai')).toEqual({ origin: from, value });
      }),
    );
  });

  test('sealed ones are bytes as base64 to libraries that read them so (google-genai for Python)', () => {
    fc.assert(
      fc.property(text, (value) => {
        const sealed = sealSignature({ origin: 'anthropic', value }, 'google');
        expect(sealed).toMatch(/^slc1-[a-zA-Z0-9_-]+$/);
        const bytes = Buffer.from(sealed, 'base64url');
        expect(bytes.toString('base64url')).toBe(sealed);
        expect(sealed.length % 4).toBe(0);
        expect(unsealSignature(bytes.toString('base64url'), 'google')).toEqual({ origin: 'anthropic', value });
      }),
    );
  });

  test('a text that is not sealed is of the format itself', () => {
    expect(unsealSignature('Ev4', 'anthropic')).toEqual({ origin: 'anthropic', value: 'Ev4' });
  });
});

describe('FP-17: ids of tool calls', () => {
  test('carry a foreign signature, and lose it again', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z0-9_-]{1,40}$/), text, (id, value) => {
        const sealed = sealCallId({ id, signature: { origin: 'google', value } }, 'openai');
        expect(sealed).toMatch(/^[a-zA-Z0-9_-]+$/);
        expect(unsealCallId(sealed)).toEqual({ id, signature: { origin: 'google', value } });
      }),
    );
  });

  test('stay as they are without one, or with one of the format itself', () => {
    expect(sealCallId({ id: 'call_1' }, 'openai')).toBe('call_1');
    expect(sealCallId({ id: 'call_1', signature: { origin: 'openai', value: 'x' } }, 'openai')).toBe('call_1');
    expect(unsealCallId('call__thought__1')).toEqual({ id: 'call__thought__1' });
    expect(unsealCallId('call__thought__slc1-!!')).toEqual({ id: 'call__thought__slc1-!!' });
  });
});

describe('whole blocks', () => {
  test('come back JSON-equal with their place, whatever is in them', () => {
    fc.assert(
      fc.property(origin, fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), (from, value, textBefore) => {
        // As JSON has it: -0 is 0 there.
        const part = { type: 'opaque' as const, origin: from, value: JSON.parse(JSON.stringify(value)) as Record<string, unknown> };
        expect(unsealOpaque(sealOpaque(part, textBefore))).toEqual({ part, textBefore });
      }),
    );
  });

  test('a sealed thought, and what is not sealed, is no block', () => {
    const thought = sealThinking({ type: 'thinking', text: '', signature: { origin: 'google', value: 's' } });
    for (const text of [thought, 'EvABCmc', 'slc1-e30', undefined]) expect(unsealOpaque(text)).toBeUndefined();
  });
});

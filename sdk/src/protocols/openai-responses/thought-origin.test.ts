import { describe, expect, test } from 'bun:test';
import type { ChatRequest, JsonObject, ModelTraits, ToWireContext } from '../../types/index.ts';
import { sealThinking } from '../shared/seal.ts';
import { openaiResponses } from './index.ts';

const xai: ModelTraits = { origin: 'xai' };
const openai: ModelTraits = { origin: 'openai' };
const fernet = `gAAAAAB${'x'.repeat(80)}`;
const bare = `${'aB3+'.repeat(20)}==`;

const input = (encrypted: string): JsonObject => ({
  model: 'm',
  input: [
    { role: 'user', content: 'q' },
    { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: encrypted },
  ],
});

const write = (request: ChatRequest, traits: ModelTraits, from = 'openai-responses') => {
  const dropped: string[] = [];
  const context: ToWireContext = {
    model: 'm',
    provider: 'p',
    from,
    traits,
    quirks: {},
    dropParams: false,
    drop: (what) => void dropped.push(what),
    lacks: (name) => void dropped.push(name),
  };
  const { body, hints } = openaiResponses.request.toWire(request, context);
  return { items: (body['input'] as JsonObject[]).map(({ type, encrypted_content: value }) => value ?? type), dropped, hints };
};

describe('whose encrypted thoughts they are', () => {
  const { fromWire, mustRewrite } = openaiResponses.request;

  test.each<[string, ModelTraits, boolean]>([
    [fernet, openai, true],
    [bare, openai, false],
    [bare, xai, true],
    [fernet, xai, false],
    // Nothing is known of the model: a server of one's own.
    [fernet, {}, true],
    [bare, {}, true],
    ['encrypted-redacted', openai, true],
  ])('%.8s… to %j: goes on: %p', (encrypted, traits, goesOn) => {
    expect(mustRewrite?.(input(encrypted), traits)).toBe(!goesOn);
    const { items, dropped } = write(fromWire(input(encrypted)), traits);
    expect(items.includes(encrypted)).toBe(goesOn);
    expect(dropped).toEqual(goesOn ? [] : ['thinking']);
  });

  test("an answer of xAI's says so, and its thoughts go back to xAI alone from any format", () => {
    const { hints } = write({ model: 'm', messages: [], stream: false, unknown: {} }, xai, 'openai-chat');
    const answer = openaiResponses.response.fromWire(
      { id: 'r', model: 'grok', status: 'completed', output: [{ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: bare }] },
      hints,
    );
    const content = answer.candidates[0]!.content;
    expect(content).toMatchObject([{ type: 'thinking', signature: { origin: 'xai', value: bare } }]);
    const request: ChatRequest = { model: 'm', messages: [{ role: 'assistant', content }], stream: false, unknown: {} };
    expect(write(request, xai, 'openai-chat')).toMatchObject({ items: [bare], dropped: [] });
    expect(write(request, openai, 'openai-chat')).toMatchObject({ items: [], dropped: ['thinking'] });
  });

  test('a sealed text is nobody’s as it stands', () => {
    const sealed = sealThinking({ type: 'thinking', text: '', signature: { origin: 'xai', value: bare } })!;
    expect(write(fromWire(input(sealed)), xai).items).toEqual([undefined, bare]);
    expect(write(fromWire(input(sealed)), openai).items).toEqual([undefined]);
  });
});

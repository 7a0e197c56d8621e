import { describe, expect, test } from 'bun:test';
import { differences } from './compare.ts';
import { newChoice, newReading, type ChoiceReading, type Reading } from './read/reading.ts';

const reading = (choice: Partial<ChoiceReading>, rest: Partial<Reading> = {}): Reading => ({
  ...newReading(),
  ended: true,
  choices: [{ ...newChoice(), text: 'Hi.', finish: 'stop', ...choice }],
  usage: { inputTotal: 10, outputTotal: 5 },
  ...rest,
});

describe('differences', () => {
  test('none between equal readings', () => {
    const same = reading({ thinking: 'Hm.', toolCalls: [{ id: '1', name: 'f', arguments: { a: [1] } }] });
    for (const format of ['openai-chat', 'openai-responses', 'anthropic-messages', 'gemini'] as const)
      expect(differences(same, same, format)).toEqual([]);
  });

  test('each thing that is lost is named', () => {
    const said = reading({ thinking: 'Hm.', toolCalls: [{ id: '1', name: 'f', arguments: { a: 1 } }], finish: 'tool-calls' });
    const first = (told: Reading) => differences(said, told, 'openai-chat')[0];
    const choice = said.choices[0]!;
    expect(first(reading({ ...choice, text: 'Hi' }))).toStartWith('text:');
    expect(first(reading({ ...choice, thinking: '' }))).toStartWith('thinking:');
    expect(first(reading({ ...choice, toolCalls: [] }))).toStartWith('tool names:');
    expect(first(reading({ ...choice, toolCalls: [{ id: '1', name: 'f', arguments: { a: '1' } }] }))).toStartWith('tool arguments:');
    expect(first(reading({ ...choice, finish: 'stop' }))).toStartWith('finish:');
    expect(first(reading(choice, { usage: { inputTotal: 9, outputTotal: 5 } }))).toStartWith('usage.inputTotal:');
    expect(first(reading(choice, { usage: undefined }))).toStartWith('usage:');
    expect(first(reading(choice, { faults: ['x'] }))).toBe('rule: x');
    expect(first(reading(choice, { ended: false }))).toStartWith('end:');
  });

  test('only what the format has a place for is wanted', () => {
    const said = reading(
      { refusal: 'No.', text: '' },
      { choices: [...reading({ refusal: 'No.', text: '' }).choices, ...reading({}).choices] },
    );
    const told = reading({ text: 'No.', finish: 'content-filter' });
    expect(differences(said, told, 'anthropic-messages')).toEqual([]);
    expect(differences(said, told, 'openai-chat').map((line) => line.split(':')[0])).toEqual(['choices', 'refusal']);
  });

  test('an error in the answer must be told', () => {
    const said = reading({}, { error: { message: 'too long', type: 'x' } });
    expect(differences(said, reading({}), 'openai-chat')).toEqual(['error: it is not told']);
    expect(differences(said, reading({}, { error: { message: 'openrouter: too long', type: 'y' } }), 'openai-chat')).toEqual([]);
  });
});

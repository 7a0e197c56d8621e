import { describe, expect, test } from 'bun:test';
import { createComplexityScorer } from './complexity.ts';
import { cpuMs } from '../../../../test/kit/cpu.ts';

const score = createComplexityScorer();

describe('complexity', () => {
  test('plain questions and greetings are simple, in several languages', () => {
    for (const text of [
      'What is 2+2?',
      'hello',
      'What is the capital of France?',
      'Was ist die Hauptstadt von Frankreich?',
      'Bonjour, qui est Molière ?',
      '什么是光合作用？',
      'こんにちは',
      'Привет! Что такое фотосинтез?',
      '',
    ])
      expect({ text, tier: score(text).tier }).toEqual({ text, tier: 'SIMPLE' });
  });

  test('programs and techniques are harder', () => {
    expect(score('Write a Python function that parses a JSON file and returns its keys').tier).toBe('MEDIUM');
    expect(score('Schreibe eine Funktion für die Datenbank, die alle Kunden nach Umsatz sortiert').tier).toBe('MEDIUM');
    const design =
      'Refactor this codebase: the distributed architecture needs lower latency, better throughput and an authentication protocol for the microservices';
    expect(score(design).tier).toBe('COMPLEX');
    expect(score(design).signs.join()).toContain('technical');
  });

  test("two marks of reasoning lift a request to the last tier (LiteLLM's own example)", () => {
    const text =
      'Think step by step: analyze the performance implications of implementing a distributed consensus algorithm for our microservices architecture.';
    expect(score(text).tier).toBe('REASONING');
    expect(score('请一步一步推理并证明这个分布式算法的延迟上界').tier).toBe('REASONING');
  });

  test('stock phrases on something trivial do not buy the last tier', () => {
    const { tier, score: sum } = createComplexityScorer({ weights: { reasoningMarkers: 0.1 } })('think carefully step by step: hi');
    expect(sum).toBeLessThan(0.15);
    expect(tier).toBe('SIMPLE');
  });

  test('the sum is that of the table', () => {
    // Short (-0.1), one word of programs (0.15).
    expect(score('fix my python').score).toBe(0.05);
    // Neither short nor long, two words (0.3), one mark of reasoning (0.175).
    expect(score('please evaluate whether the python script in my folder would be good enough for my neighbour').score).toBe(0.475);
    // Four questions (0.01) and short (-0.1).
    expect(score('a? b? c? d?').score).toBe(-0.09);
  });

  test('length alone: above the threshold it is long', () => {
    expect(score('blue '.repeat(100)).score).toBe(0);
    expect(score('blue '.repeat(400)).score).toBe(0.1);
    expect(createComplexityScorer({ tokenThresholds: { simple: 1, complex: 50 } })('blue '.repeat(100)).score).toBe(0.1);
  });

  test('steps: in words, numbered, and as a list', () => {
    for (const text of [
      'first go there, and then come back',
      'do step 3 now',
      '1. bread\n2. milk',
      'zuerst links, dann rechts',
      '首先向左，然后向右',
    ])
      expect(score(text).signs).toContain('steps');
    for (const text of ['then first', 'one step at a time', '1. bread']) expect(score(text).signs).not.toContain('steps');
  });

  test('words are whole: what only begins like one is none', () => {
    expect(score('the capital and the classical terrorism of apiculture').signs.join()).not.toContain('code');
  });

  test('words, weights and boundaries of the configuration hold', () => {
    const own = createComplexityScorer({
      keywords: { code: ['orbit mesh', '量子'] },
      weights: { codePresence: 0.9 },
      boundaries: { simpleMedium: 0.2, mediumComplex: 0.3, complexReasoning: 0.9 },
    });
    expect(own('the python orbit mesh of this place is not all that easy to come by, to be honest with you').tier).toBe('COMPLEX');
    expect(own('关于量子的一些问题').signs.join()).toContain('量子');
  });

  test('the cost is bounded: a megabyte that is made to be slow takes no longer than its sample', () => {
    for (const piece of ['first ', "a'", '1. ', ' \t', '```', '步骤', '?', 'first then ', "a-a'a."]) {
      const text = piece.repeat(Math.ceil(1_000_000 / piece.length));
      const start = cpuMs();
      score(text);
      expect(cpuMs() - start).toBeLessThan(500);
    }
  });

  test('what stands only in the middle of a very long text is not looked at, its end is', () => {
    const filler = 'blue '.repeat(20_000);
    expect(score(`${filler} python api ${filler}`).signs.join()).not.toContain('code');
    expect(score(`${filler}${filler} python api`).signs.join()).toContain('code');
  });
});

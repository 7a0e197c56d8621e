import { describe, expect, test } from 'bun:test';
import { abortSignalOf, Canceller } from './canceller.ts';

const listenTo = (signal: Canceller) => {
  const heard: string[] = [];
  signal.addEventListener('abort', () => heard.push('function'));
  signal.addEventListener('abort', { handleEvent: () => void heard.push('object') });
  return heard;
};

describe('a canceller', () => {
  test('tells each listener once, and keeps its first reason', () => {
    const canceller = new Canceller();
    const heard = listenTo(canceller);
    canceller.abort('first');
    canceller.abort('second');
    expect(heard).toEqual(['function', 'object']);
    expect([canceller.aborted, canceller.reason]).toEqual([true, 'first']);
  });

  test('does not tell who has stopped listening', () => {
    const canceller = new Canceller();
    const heard = listenTo(canceller);
    const listener = () => void heard.push('gone');
    canceller.addEventListener('abort', listener);
    canceller.removeEventListener('abort', listener);
    canceller.removeEventListener('abort', listener);
    canceller.abort('over');
    expect(heard).toEqual(['function', 'object']);
  });

  test('goes on telling where a listener stops listening meanwhile', () => {
    const canceller = new Canceller();
    const heard: string[] = [];
    const first = () => {
      heard.push('first');
      canceller.removeEventListener('abort', first);
    };
    canceller.addEventListener('abort', first);
    canceller.addEventListener('abort', () => heard.push('second'));
    canceller.abort('over');
    expect(heard).toEqual(['first', 'second']);
  });

  test('throws its reason once it is cancelled', () => {
    const canceller = new Canceller();
    expect(() => canceller.throwIfAborted()).not.toThrow();
    const reason = new Error('why');
    canceller.abort(reason);
    expect(() => canceller.throwIfAborted()).toThrow(reason);
  });
});

describe('abortSignalOf', () => {
  test('is the very signal where it is real', () => {
    const { signal } = new AbortController();
    expect(abortSignalOf(signal)).toBe(signal);
  });

  test('follows a canceller', () => {
    const canceller = new Canceller();
    const signal = abortSignalOf(canceller);
    expect(signal.aborted).toBe(false);
    const reason = new Error('why');
    canceller.abort(reason);
    expect([signal.aborted, signal.reason]).toEqual([true, reason]);
  });

  test('is cancelled where the canceller was before', () => {
    const canceller = new Canceller();
    canceller.abort('early');
    const signal = abortSignalOf(canceller);
    expect([signal.aborted, signal.reason]).toEqual([true, 'early']);
  });
});

import { describe, expect, test } from 'bun:test';
import { SluiceError } from '../../types/index.ts';
import {
  asArray,
  asBoolean,
  asNumber,
  asObject,
  asObjects,
  asString,
  candidateIndex,
  compact,
  isObject,
  maybe,
  numbered,
  parseObject,
  wantArray,
  wantBoolean,
  wantNumber,
  wantObject,
  wantString,
} from './read.ts';

const failure = (run: () => unknown): SluiceError => {
  try {
    run();
  } catch (error) {
    if (SluiceError.is(error)) return error;
  }
  throw new Error('did not throw a SluiceError');
};

describe('want', () => {
  test('gives the value of the right type', () => {
    expect(wantObject({ a: 1 }, 'x')).toEqual({ a: 1 });
    expect(wantArray([1], 'x')).toEqual([1]);
    expect(wantString('', 'x')).toBe('');
    expect(wantNumber(0, 'x')).toBe(0);
    expect(wantBoolean(false, 'x')).toBe(false);
  });

  test('names the member and says what it is instead', () => {
    const cases: [() => unknown, string][] = [
      [() => wantObject([], 'messages[0]'), "'messages[0]' must be an object, not an array."],
      [() => wantArray({}, 'tools'), "'tools' must be an array, not an object."],
      [() => wantString(undefined, 'model'), "'model' must be a string, not missing."],
      [() => wantNumber('1', 'n'), "'n' must be a number, not a string."],
      [() => wantBoolean('false', 'stream'), "'stream' must be true or false, not a string."],
      [() => wantString(null, 'user'), "'user' must be a string, not null."],
    ];
    for (const [run, message] of cases) {
      const error = failure(run);
      expect(error.message).toBe(message);
      expect(error.code).toBe('invalid_request');
      expect(error.param).toBe(message.split("'")[1]!);
    }
  });

  test('maybe: absent and null are not given', () => {
    expect(maybe(wantNumber, undefined, 'n')).toBeUndefined();
    expect(maybe(wantNumber, null, 'n')).toBeUndefined();
    expect(maybe(wantNumber, 0, 'n')).toBe(0);
    expect(() => maybe(wantNumber, '0', 'n')).toThrow();
  });
});

describe('as', () => {
  test('takes what is there and passes over the rest', () => {
    expect(isObject(null)).toBe(false);
    expect(asObject([])).toBeUndefined();
    expect(asArray({})).toEqual([]);
    expect(asObjects([{ a: 1 }, null, 'x', []])).toEqual([{ a: 1 }]);
    expect(asString(1)).toBeUndefined();
    expect(asNumber('1')).toBeUndefined();
    expect(asBoolean('true')).toBeUndefined();
  });

  test('parseObject: an object or nothing', () => {
    expect(parseObject('{"a":1}')).toEqual({ a: 1 });
    expect(parseObject('[1]')).toBeUndefined();
    expect(parseObject('{"a":')).toBeUndefined();
  });

  test('candidates have small numbers, one each', () => {
    expect([0, 3, -1, 0.5, 1e21, '1', undefined].map((value) => candidateIndex(value, 2))).toEqual([0, 3, 2, 2, 2, 2, 2]);
    expect(numbered([{ index: 1 }, { index: 0 }])).toEqual([{ index: 1 }, { index: 0 }]);
    expect(numbered([{ index: 0 }, { index: 0 }])).toEqual([{ index: 0 }, { index: 1 }]);
  });

  test('compact: no undefined members, null stays', () => {
    expect(Object.keys(compact({ a: undefined, b: null, c: 0 }))).toEqual(['b', 'c']);
  });
});

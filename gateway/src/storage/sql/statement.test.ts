import { describe, expect, test } from 'bun:test';
import { SluiceError } from 'sluice/kit';
import { sql, Statement } from './statement.ts';

describe('sql', () => {
  test('FP-1: what is interpolated is a value, whatever is in it', () => {
    const evil = `'; drop table keys; --`;
    const { texts, values } = sql`select * from keys where id = ${evil}`;
    expect(texts).toEqual(['select * from keys where id = ', '']);
    expect(values).toEqual([evil]);
  });

  test('statements are spliced in, at any depth', () => {
    const inner = sql`a = ${1}`;
    const conditions = sql.join([inner, sql`(${sql.join([sql`b = ${'x'}`, sql`c is null`], ' or ')})`, sql`true`], ' and ');
    const { texts, values } = sql`select ${sql.name('id')} from t where ${conditions} limit ${5}`;
    expect(texts.join('?')).toBe('select "id" from t where a = ? and (b = ? or c is null) and true limit ?');
    expect(values).toEqual([1, 'x', 5]);
    expect(texts).toHaveLength(values.length + 1);
  });

  test('nobody else makes one', () => {
    expect(() => Reflect.construct(Statement, [Symbol('statement'), ['drop table keys'], []])).toThrow(TypeError);
    expect(() => Reflect.apply(sql as (...given: never[]) => unknown, undefined, [['drop table keys']])).toThrow('sql`…`');
    expect(() => Reflect.apply(sql as (...given: never[]) => unknown, undefined, ['drop table keys'])).toThrow('sql`…`');
    expect(() => sql.join([{ texts: ['1'], values: [] } as Statement], ' and ')).toThrow('Only statements');
  });

  test('is one statement', () => {
    expect(() => sql`select 1; select 2`).toThrow('one statement');
    expect(() => sql`select ${1}; delete from t`).toThrow('one statement');
    expect(sql`select 1;`).toBeInstanceOf(Statement);
    expect(sql`select ${'a; b'}`.values).toEqual(['a; b']);
  });

  test.each(['', 'A', '1a', 'a b', 'a"b', 'a.b', 'a-b', 'ä', "a'", 'constructor()'])('%p is no name', (name) => {
    expect(() => sql.name(name)).toThrow(TypeError);
  });

  test('joins by what it says, and not nothing', () => {
    expect(() => sql.join([], ', ')).toThrow('nothing to join');
    expect(() => Reflect.apply(sql.join, undefined, [[sql`1`, sql`2`], '; drop table keys; '])).toThrow(TypeError);
  });

  test('NUL is refused as what a client did wrong', () => {
    const failure = (() => {
      try {
        return sql`select ${'a\0b'}`;
      } catch (cause) {
        return cause;
      }
    })();
    expect(failure).toBeInstanceOf(SluiceError);
    expect((failure as SluiceError).code).toBe('invalid_request');
  });

  test.each([[undefined], [NaN], [Infinity], [-Infinity], [2n ** 63n], [-(2n ** 63n) - 1n], [{}], [[1]], [new Date(0)], [Symbol('x')]])(
    '%p cannot be bound',
    (value) => {
      expect(() => sql`select ${value as never}`).toThrow();
    },
  );

  test('half a character becomes the sign for it', () => {
    expect(sql`select ${'a\ud800b'}`.values).toEqual(['a\ufffdb']);
  });
});

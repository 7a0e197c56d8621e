import { expect, test } from 'bun:test';
import { callOf, candidateOf, contextOf, fullMinute, picks } from '../../../../test/kit/candidates.ts';
import { costBased } from './cost-based.ts';

const priced = (id: string, input: number | undefined, output: number | undefined, more: object = {}) =>
  candidateOf(id, more, {
    ...(input !== undefined && { inputUsdPerToken: input }),
    ...(output !== undefined && { outputUsdPerToken: output }),
  });

test('the lowest sum of both prices, equals by chance', () => {
  const found = picks(costBased(), [priced('a', 3e-6, 1e-6), priced('b', 1e-6, 2e-6), priced('c', 2e-6, 1e-6)]);
  expect(Object.keys(found).sort()).toEqual(['b', 'c']);
  expect(found['b']).toBeGreaterThan(430);
  expect(found['b']).toBeLessThan(570);
});

test('an unknown price is 5 dollars a token, as in LiteLLM', () => {
  expect(picks(costBased(), [priced('unknown', undefined, undefined), priced('half', 1e-6, undefined)])).toEqual({ half: 1000 });
  expect(picks(costBased(), [priced('unknown', undefined, undefined), priced('dear', 4, 4)])).toEqual({ dear: 1000 });
  expect(picks(costBased(), [priced('unknown', undefined, undefined), priced('dearest', 6, 6)])).toEqual({ unknown: 1000 });
});

test('what is used up is passed over until the next minute', () => {
  const cheap = priced('cheap', 1e-6, 1e-6, { rpm: 3 });
  const dear = priced('dear', 2e-6, 2e-6);
  const strategy = costBased<string>();
  const order: string[] = [];
  const candidates = [dear, cheap];
  for (let call = 0; call < 5; call++) {
    const picked = strategy.pick(candidates, contextOf());
    order.push(picked.deployment.id);
    callOf(strategy, picked);
  }
  expect(order).toEqual(['cheap', 'cheap', 'cheap', 'dear', 'dear']);
  expect(strategy.pick(candidates, contextOf({ now: fullMinute + 59_999 }))).toBe(dear);
  expect(strategy.pick(candidates, contextOf({ now: fullMinute + 60_000 }))).toBe(cheap);
});

test('a call that is too large for the cheap one goes elsewhere, the next small one does not', () => {
  const cheap = priced('cheap', 1e-6, 1e-6, { tpm: 1000 });
  const candidates = [cheap, priced('dear', 2e-6, 2e-6)];
  const strategy = costBased<string>();
  const of = (inputTokens: number) => contextOf({ request: { needs: () => ({ abilities: [], inputTokens }) } });
  expect(strategy.pick(candidates, of(1001)).deployment.id).toBe('dear');
  expect(strategy.pick(candidates, of(1000)).deployment.id).toBe('cheap');
});

test('nobody has room: one of the cheapest all the same', () => {
  const none = { rpm: 0 };
  expect(picks(costBased(), [priced('a', 1e-6, 0, none), priced('b', 2e-6, 0, none)])).toEqual({ a: 1000 });
});

test('tokens are estimated only where there is a limit of them', () => {
  let asked = 0;
  const request = { needs: () => ({ abilities: [], inputTokens: ++asked }) };
  costBased<string>().pick([priced('a', 1, 1, { rpm: 9 }), priced('b', 2, 2)], contextOf({ request }));
  expect(asked).toBe(0);
  costBased<string>().pick([priced('a', 1, 1, { otpm: 9 }), priced('b', 2, 2)], contextOf({ request }));
  expect(asked).toBe(0);
  costBased<string>().pick([priced('a', 1, 1, { tpm: 9 }), priced('b', 2, 2)], contextOf({ request }));
  costBased<string>().pick([priced('a', 1, 1, { itpm: 9 }), priced('b', 2, 2)], contextOf({ request }));
  expect(asked).toBe(2);
});

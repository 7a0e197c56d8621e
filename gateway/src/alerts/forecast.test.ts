import { describe, expect, test } from 'bun:test';
import { forecastOf } from './forecast.ts';

const usd = 1_000_000_000;
const dayMs = 86_400_000;
const month = { start: 0, end: 30 * dayMs };
const day = { start: 0, end: dayMs };

describe('a forecast', () => {
  test.each([
    // what, spent, max, period, now in days, average of the week -> spend by the end, exceeded in days
    ['half of it in a third of the month', 50, 100, month, 10, undefined, 150, 20],
    ['just as much as there is lasts', 50, 100, month, 15, undefined, undefined, undefined],
    ['a little more does not', 51, 100, month, 15, undefined, 102, 15 + (49 / 51) * 15],
    ['the week before says more than a quiet beginning', 10, 100, month, 10, 5, 110, 28],
    ['and less than a loud one', 50, 100, month, 10, 1, undefined, undefined],
    ['a quiet week ends nothing', 50, 100, month, 10, 0, undefined, undefined],
    ['a day asks for no week', 6, 10, day, 0.5, 0, 12, 0.5 + (4 / 6) * 0.5],
    ['less than 5 % of the period says nothing', 9, 10, month, 1.4, undefined, undefined, undefined],
    ['5 % does', 9, 10, month, 1.5, undefined, 180, 1.5 + 1.5 / 9],
    ['less than a cent says nothing', 0.009, 0.01, month, 10, undefined, undefined, undefined],
    ['a cent does', 0.01, 0.02, month, 10, undefined, 0.03, 20],
    ['what is spent needs none', 100, 100, month, 10, undefined, undefined, undefined],
    ['nor what is over', 120, 100, month, 10, undefined, undefined, undefined],
    ['a budget of nothing is spent', 0.02, 0, month, 10, undefined, undefined, undefined],
    ['the period is over', 50, 100, month, 30, undefined, undefined, undefined],
  ] as const)('%s', (_, spent, max, period, atDays, average, spend, exceededDays) => {
    const found = forecastOf({
      spentNanodollars: spent * usd,
      maxNanodollars: max * usd,
      period,
      now: atDays * dayMs,
      weekAverageNanodollars: average === undefined ? undefined : average * usd,
    });
    if (spend === undefined) return expect(found).toBeUndefined();
    expect(found!.spendNanodollars).toBe(Math.round(spend * usd));
    expect(found!.exceededAt).toBe(Math.round(exceededDays! * dayMs));
  });
});

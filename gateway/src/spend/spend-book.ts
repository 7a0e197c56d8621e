import type { SpendKey, SpendTotals } from './totals.ts';

const nanoPerUsd = 1_000_000_000;

/** A subject whose spend is counted since ever, or a period of one. */
export type Spender = string | SpendKey;

/**
 * What was spent of subjects (`key:ab12…`, `team:t`, `user:u`, …), in US dollars, for people to read and set back. It is what
 * budgets are enforced with: who has a period is asked for it (`spenderOf`), so that both say the same (FP-66).
 */
export interface SpendBook {
  spentUsd(spender: Spender): Promise<number>;
  /** By subject. */
  spentUsdOfAll(spenders: readonly Spender[]): Promise<ReadonlyMap<string, number>>;
  /** Sets it, here at once and at every other gateway as soon as it hears of it. */
  setSpentUsd(spender: Spender, usd: number): Promise<void>;
  /** All that is counted of it, in every period, is nothing: for a name that begins anew. */
  clear(subject: string): Promise<void>;
  /** Writes what waits here, for who is about to move it. */
  flush(): Promise<void>;
}

export const createSpendBook = (totals: SpendTotals): SpendBook => {
  const all = async (spenders: readonly Spender[]) =>
    new Map([...(await totals.of(spenders.map(keyOf)))].map(([subject, nanodollars]) => [subject, nanodollars / nanoPerUsd]));
  return {
    async spentUsd(spender) {
      const key = keyOf(spender);
      return (await all([key])).get(key.subject) ?? 0;
    },
    spentUsdOfAll: all,
    flush: () => totals.flush(),
    async clear(subject) {
      await totals.clear(subject);
    },
    setSpentUsd: (spender, usd) => totals.set(keyOf(spender), Math.round(usd * nanoPerUsd)),
  };
};

const keyOf = (spender: Spender): SpendKey => (typeof spender === 'string' ? { subject: spender, periodStart: 0 } : spender);

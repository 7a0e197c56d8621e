/** What is taken off, and what is put on: shares of 1 and a fixed sum. */
export interface Adjustment {
  /** 0.05: five percent off. */
  discount?: number;
  /** 0.1: ten percent on top of what is left. */
  margin?: number;
  /** On top of each call, US dollars. */
  fixedUsd?: number;
}

export interface AdjustedCost {
  /** What the provider bills. Nano-dollars, as all here. */
  original: number;
  discount: number;
  /** The share and the fixed sum together. */
  margin: number;
  /** What the caller is charged. */
  total: number;
}

const round = (value: number): number => Math.floor(value + 0.5);

/** Discount first, margin on what is left; each is rounded to a nano-dollar, half up. */
export const adjust = (nanoDollars: number, { discount = 0, margin = 0, fixedUsd = 0 }: Adjustment): AdjustedCost => {
  const off = round(nanoDollars * discount);
  const left = nanoDollars - off;
  const on = round(left * margin) + round(fixedUsd * 1e9);
  return { original: nanoDollars, discount: off, margin: on, total: left + on };
};

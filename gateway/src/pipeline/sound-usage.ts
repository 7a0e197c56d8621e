import type { CallFacts, Usage } from 'sluice/kit';

type BilledUnits = NonNullable<Usage['units']>;

/** A figure of ours: more than any call can have, and few enough that ten million such calls fit the counters of a database. */
const maxCount = 1e12;
const maxUsd = 1e6;

/**
 * What an answer says of what it used, in numbers that can be counted. An answer may say anything: less than nothing would pay
 * its caller back, and what is no number would stay in all sums that it is added to, so that no budget refuses any more.
 */
export const soundUsage = (usage: Usage): Usage => {
  if (isSound(usage) && (!usage.units || isSound(usage.units))) return usage;
  const sound = counted(usage) as Partial<Usage>;
  return {
    ...sound,
    inputTokens: sound.inputTokens ?? 0,
    outputTokens: sound.outputTokens ?? 0,
    ...(usage.units && { units: counted(usage.units) as BilledUnits }),
  };
};

/** The same for all that is known of a call. */
export const makeSound = (facts: CallFacts): void => {
  if (facts.usage) facts.usage = soundUsage(facts.usage);
  for (const leg of facts.legs ?? []) makeSound(leg);
};

const mostOf = (name: string): number => (name === 'providerCostUsd' ? maxUsd : maxCount);
const isCount = (value: number): boolean => Number.isFinite(value) && value >= 0;

const isSound = (counts: Usage | BilledUnits): boolean => {
  for (const name in counts) {
    const value = counts[name as keyof typeof counts] as unknown;
    if (typeof value === 'number' && (!isCount(value) || value > mostOf(name))) return false;
    if (name === 'tools' && !isSound(value as BilledUnits)) return false;
  }
  return true;
};

/** Counts that are none are not there; those that are too large are as large as can be. */
const counted = (counts: object): object =>
  Object.fromEntries(
    Object.entries(counts).flatMap(([name, value]): readonly (readonly [string, unknown])[] => {
      if (name === 'tools') return [[name, counted(value as object)]];
      if (typeof value !== 'number') return [[name, value]];
      return isCount(value) ? [[name, Math.min(value, mostOf(name))]] : [];
    }),
  );

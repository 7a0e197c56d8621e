import { plus, noCounts, type Counts } from './counts.ts';
import type { DaySpan } from './days.ts';
import type { Reader } from './event-source.ts';
import type { Lens } from './lens.ts';
import { sumsBy, type Sum, type SumFilter } from './sums.ts';

/** So many keys and entities stand in a breakdown: the dearest of the report. */
export const maxBroken = 1000;
/** And so many keys under each model, provider and entity of each day. */
export const maxNestedKeys = 20;

/** Counts of one thing, and what each of the dearest keys has of them. */
export interface Part {
  readonly counts: Counts;
  readonly keys: ReadonlyMap<string, Counts>;
}

export interface DayActivity {
  readonly day: number;
  readonly counts: Counts;
  readonly models: ReadonlyMap<string, Part>;
  readonly modelGroups: ReadonlyMap<string, Part>;
  readonly providers: ReadonlyMap<string, Part>;
  readonly routes: ReadonlyMap<string, Part>;
  readonly keys: ReadonlyMap<string, Counts>;
  readonly entities: ReadonlyMap<string, Part>;
}

export interface ActivityAsked {
  readonly lens: Lens;
  readonly span: DaySpan;
  readonly filter: SumFilter;
  /** Of days that have calls, the last one first. From 1. */
  readonly page: number;
  readonly size: number;
}

export interface Activity {
  /** The last one first. */
  readonly days: readonly DayActivity[];
  readonly totalDays: number;
}

/** What was used day by day, and by what: one page of days. */
export const dailyActivity = async (queries: Reader, asked: ActivityAsked): Promise<Activity> => {
  const { lens, span, filter, page, size } = asked;
  const totals = (await sumsBy(queries, { lens, span, filter, by: ['day'] })).toSorted((a, b) => b.day - a.day);
  const shown = totals.slice((page - 1) * size, page * size);
  if (shown.length === 0) return { days: [], totalDays: totals.length };
  const part = { lens, filter, span: { first: shown.at(-1)!.day, last: shown[0]!.day } };

  const byModel = await sumsBy(queries, { ...part, by: ['day', 'model', 'upstream_model', 'provider', 'route'] });
  const keys = (await sumsBy(queries, { ...part, by: ['key_id'], top: maxBroken })).map(({ key_id }) => key_id).filter((id) => id !== '');
  const ofKeys = (ids: readonly string[]) => ({ ...part, filter: { ...filter, keyIds: ids } });
  const byKey = keys.length === 0 ? [] : await sumsBy(queries, { ...ofKeys(keys), by: ['day', 'key_id'] });
  const nested = keys.slice(0, maxNestedKeys);
  const byKeyAndModel =
    nested.length === 0
      ? []
      : await sumsBy(queries, { ...ofKeys(nested), by: ['day', 'key_id', 'model', 'upstream_model', 'provider', 'route'] });

  const whole = lens.kind === 'gateway';
  const entities = whole ? [] : (await sumsBy(queries, { ...part, by: ['entity'], top: maxBroken })).map(({ entity }) => entity);
  const within = { ...part, lens: { ...lens, ...(lens.entities === undefined && { entities }) } };
  const byEntity = entities.length === 0 ? [] : await sumsBy(queries, { ...within, by: ['day', 'entity'] });
  const byEntityAndKey =
    entities.length === 0 || nested.length === 0
      ? []
      : await sumsBy(queries, { ...within, filter: { ...filter, keyIds: nested }, by: ['day', 'entity', 'key_id'] });

  const days = new Map(shown.map((total) => [total.day, new DayFold(total)]));
  const broken = new Set(entities);
  for (const sum of byModel) days.get(sum.day)?.addModel(sum);
  for (const sum of byKey) days.get(sum.day)?.addKey(sum);
  for (const sum of byKeyAndModel) days.get(sum.day)?.addModel(sum, sum.key_id);
  for (const sum of byEntity) if (broken.has(sum.entity)) days.get(sum.day)?.addEntity(sum);
  for (const sum of byEntityAndKey) if (broken.has(sum.entity)) days.get(sum.day)?.addEntity(sum, sum.key_id);
  return { days: [...days.values()], totalDays: totals.length };
};

type Parts = Map<string, { counts: Counts; keys: Map<string, Counts> }>;

class DayFold implements DayActivity {
  readonly day: number;
  readonly counts: Counts;
  readonly models: Parts = new Map();
  readonly modelGroups: Parts = new Map();
  readonly providers: Parts = new Map();
  readonly routes: Parts = new Map();
  readonly keys = new Map<string, Counts>();
  readonly entities: Parts = new Map();

  constructor({ day, ...counts }: Sum<'day'>) {
    this.day = day;
    this.counts = counts;
  }

  /** @param key these counts are one key's part of what is there already */
  addModel(sum: Sum<'model' | 'upstream_model' | 'provider' | 'route'>, key?: string): void {
    add(this.models, sum.upstream_model || sum.model, sum, key);
    add(this.modelGroups, sum.model, sum, key);
    add(this.providers, sum.provider, sum, key);
    add(this.routes, sum.route, sum, key);
  }

  addKey(sum: Sum<'key_id'>): void {
    this.keys.set(sum.key_id, plus(this.keys.get(sum.key_id) ?? noCounts, sum));
  }

  addEntity(sum: Sum<'entity'>, key?: string): void {
    add(this.entities, sum.entity, sum, key);
  }
}

/** Calls that reached no model, or no provider, are in the totals alone. */
const add = (parts: Parts, name: string, counts: Counts, key?: string): void => {
  if (name === '') return;
  const part = parts.get(name) ?? { counts: noCounts, keys: new Map<string, Counts>() };
  parts.set(name, part);
  if (key === undefined) part.counts = plus(part.counts, counts);
  else part.keys.set(key, plus(part.keys.get(key) ?? noCounts, counts));
};

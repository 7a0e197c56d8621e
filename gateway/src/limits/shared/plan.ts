import { worstOf } from '../amounts.ts';
import type { Limit, WorstCase } from '../types.ts';
import { cellOf, lifeMs, type SharedCell } from './cell.ts';

/** What one call takes of one cell. */
export interface Planned {
  readonly cell: SharedCell;
  readonly worst: number;
  readonly lifeMs: number;
}

/** What of a call's limits is asked for by one script: all of them, or in a cluster those of one tag. */
export interface Plan {
  readonly keys: readonly string[];
  readonly cells: readonly Planned[];
  /** `at` is the limit's place among the call's. */
  readonly checks: readonly { readonly limit: Limit; readonly at: number; readonly cell: number }[];
}

export interface PlanOptions {
  readonly worst: WorstCase;
  readonly lease: string;
  readonly leaseMs: number;
  readonly now: number;
  /** Each tag by itself. */
  readonly clustered: boolean;
}

interface Draft {
  readonly keys: string[];
  readonly cells: Planned[];
  readonly checks: { limit: Limit; at: number; cell: number }[];
}

/** At least one plan for at least one limit. */
export const plansOf = (limits: readonly Limit[], { worst, lease, leaseMs, now, clustered }: PlanOptions): readonly Plan[] => {
  const drafts = new Map<string, Draft>();
  for (let at = 0; at < limits.length; at++) {
    const limit = limits[at]!;
    const cell = cellOf(limit, leaseMs, now);
    const place = clustered ? cell.tag : '';
    let draft = drafts.get(place);
    if (!draft) drafts.set(place, (draft = { keys: [`${cell.tag}call:${lease}`, `${cell.tag}all`], cells: [], checks: [] }));
    let index = draft.cells.findIndex((each) => each.cell.name === cell.name);
    if (index === -1) {
      index = draft.cells.push({ cell, worst: worstOf(limit.metric, worst), lifeMs: lifeMs(cell, now) }) - 1;
      draft.keys.push(cell.name, `${cell.name} leases`);
    }
    draft.checks.push({ limit, at, cell: index });
  }
  return [...drafts.values()];
};

/** The parts of a plan by tag, each with the places of its cells in the whole. */
export const splitPlan = ({ keys, cells }: Plan): readonly { readonly plan: Plan; readonly cells: readonly number[] }[] => {
  const parts = new Map<string, { keys: string[]; cells: Planned[]; places: number[] }>();
  const lease = keys[0]!.slice(cells[0]!.cell.tag.length);
  for (let at = 0; at < cells.length; at++) {
    const planned = cells[at]!;
    const { tag } = planned.cell;
    let part = parts.get(tag);
    if (!part) parts.set(tag, (part = { keys: [`${tag}${lease}`, `${tag}all`], cells: [], places: [] }));
    part.keys.push(keys[2 + 2 * at]!, keys[3 + 2 * at]!);
    part.cells.push(planned);
    part.places.push(at);
  }
  return [...parts.values()].map(({ keys: of, cells: own, places }) => ({ plan: { keys: of, cells: own, checks: [] }, cells: places }));
};

interface TakeOptions {
  readonly mode: 'take' | 'keep' | 'look';
  readonly lease: string;
  readonly leaseMs: number;
  /** On Redis's clock; only for `keep`. */
  readonly takenAt: number;
  /** By cell: what a budget begins with. */
  readonly seeds?: ReadonlyMap<number, number> | undefined;
}

export const takeArgs = ({ cells, checks }: Plan, { mode, lease, leaseMs, takenAt, seeds }: TakeOptions): string[] => {
  const args = [mode, lease, String(leaseMs), String(takenAt), String(cells.length), String(checks.length)];
  for (let at = 0; at < cells.length; at++) {
    const { cell, worst, lifeMs: life } = cells[at]!;
    const { kind, widthMs, span, metric } = cell;
    // Only money is known elsewhere: other budgets begin with nothing.
    const seed = seeds?.get(at) ?? (metric === 'cost' ? '' : 0);
    args.push(kind, String(worst), String(widthMs), String(span), String(life), String(seed));
  }
  for (const { limit, cell } of checks)
    args.push(String(cell), String(Math.min(limit.max, Number.MAX_SAFE_INTEGER)), limit.soft ? '1' : '0');
  return args;
};

interface SettleOptions {
  readonly lease: string;
  /** On Redis's clock, both. */
  readonly takenAt: number;
  readonly accountedAt: number;
  readonly rememberMs: number;
  /** By cell. */
  readonly used: readonly number[];
}

export const settleArgs = ({ cells }: Pick<Plan, 'cells'>, { lease, takenAt, accountedAt, rememberMs, used }: SettleOptions): string[] => {
  const args = [lease, String(takenAt), String(accountedAt), String(rememberMs), String(cells.length)];
  for (let at = 0; at < cells.length; at++) {
    const { cell, worst, lifeMs: life } = cells[at]!;
    args.push(cell.kind, String(worst), String(used[at]!), String(cell.widthMs), String(cell.span), String(life));
  }
  return args;
};

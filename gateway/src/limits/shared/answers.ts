import type { Limit, Refusal, Remaining } from '../types.ts';
import type { SharedCell } from './cell.ts';
import type { Plan } from './plan.ts';

/** What came of asking Redis for one plan. */
export type Answer =
  | { readonly kind: 'taken'; readonly plan: Plan; readonly reply: readonly number[] }
  | { readonly kind: 'refused'; readonly plan: Plan; readonly reply: readonly number[] }
  /** Redis could not be asked, or did not reply: then it may have been taken all the same. */
  | { readonly kind: 'away'; readonly plan: Plan; readonly sent: boolean }
  /** The keys are in different places of a cluster. */
  | { readonly kind: 'apart'; readonly plan: Plan };

/** On Redis's clock -> on this machine's. */
export type ToLocal = (storeMs: number) => number;

const refusalOf = (plan: Plan, check: number, used: number, freeAt: number, toLocal: ToLocal): { refusal: Refusal; at: number } => {
  const { limit, at, cell: index } = plan.checks[check]!;
  const { cell, worst: asked } = plan.cells[index]!;
  const fits = asked <= limit.max && limit.max > 0;
  const resetsAt = freeAt >= 0 ? toLocal(freeAt) : cell.kind === 'b' && fits ? cell.end : undefined;
  return { refusal: { limit, used, asked, resetsAt }, at };
};

/** Of `{0, time, check, used, freeAt}`. */
export const refusalIn = (plan: Plan, [, , check, used, freeAt]: readonly number[], toLocal: ToLocal): { refusal: Refusal; at: number } =>
  refusalOf(plan, check!, used!, freeAt!, toLocal);

/** Of `{1, time, used…, charged…, [check, used, freeAt]…}`. */
export const softIn = (plan: Plan, reply: readonly number[], toLocal: ToLocal): readonly Refusal[] => {
  const all: Refusal[] = [];
  for (let at = 2 + 2 * plan.cells.length; at < reply.length; at += 3)
    all.push(refusalOf(plan, reply[at]!, reply[at + 1]!, reply[at + 2]!, toLocal).refusal);
  return all;
};

export const remainingIn = (plan: Plan, reply: readonly number[], now: number, toLocal: ToLocal, into: Map<Limit, Remaining>): void => {
  for (const { limit, cell: index } of plan.checks) {
    const used = reply[2 + index]!;
    const resetsAt = emptyAt(plan.cells[index]!.cell, used, reply[1]!, now, toLocal);
    into.set(limit, { limit, used, remaining: Math.max(0, limit.max - used), resetsAt });
  }
};

/** A window is empty when what was just counted has left. */
const emptyAt = (
  { kind, end, widthMs, span }: SharedCell,
  used: number,
  storeMs: number,
  now: number,
  toLocal: ToLocal,
): number | undefined => {
  if (kind === 'b') return end;
  if (kind === 'p') return undefined;
  return used === 0 ? now : toLocal((Math.floor(storeMs / widthMs) + span + 1) * widthMs);
};

import { parts } from '../sliding-window.ts';
import type { Limit, Metric, Subject } from '../types.ts';

/** `w` a window, `l` one that is longer than a lease, `p` calls under way, `b` a budget in its period. */
export type CellKind = 'w' | 'l' | 'p' | 'b';

/** Where Redis counts a limit. Limits that count in one place have cells of one name. */
export interface SharedCell {
  readonly subject: Subject;
  readonly metric: Metric;
  readonly kind: CellKind;
  /** All of one tag are in one place of a cluster. */
  readonly tag: string;
  /** The key of its counts; its leases are beside it. */
  readonly name: string;
  /** Of a bucket in milliseconds, and after how many a count leaves; 0 for what is no window. */
  readonly widthMs: number;
  readonly span: number;
  /** Of a budget: its period, in Unix milliseconds. */
  readonly start: number | undefined;
  readonly end: number | undefined;
}

/** What has no end is read from the database again after so long without a call. */
const idleMs = 35 * 86_400_000;
/** A period that is over is kept so long, for calls that were let in before. */
const keptMs = 3_600_000;

/** `key:ab12/model:x` stands beside `key:ab12`: one script may take both. */
export const tagOf = (subject: Subject): string => {
  const slash = subject.indexOf('/');
  return `{sluice:${slash === -1 ? subject : subject.slice(0, slash)}}`;
};

/** How the names of a subject's counts begin. What stands behind it has no space, which few ids have. */
export const countsOf = (subject: Subject): string => `${tagOf(subject)}${subject} `;

/** The name of a budget's counts. */
export const budgetName = (subject: Subject, metric: Metric, start: number | undefined): string =>
  `${countsOf(subject)}${metric}:since:${start ?? 0}`;

/** By limit: callers have the same objects for all their calls. */
const cells = new WeakMap<Limit, { readonly leaseMs: number; readonly cell: SharedCell }>();

/** @param leaseMs windows that are longer have leases of their own: what a dead call took comes back before they have passed */
export const cellOf = (limit: Limit, leaseMs: number, now: number): SharedCell => {
  const known = cells.get(limit);
  if (known && known.leaseMs === leaseMs && (known.cell.end === undefined || (now >= known.cell.start! && now < known.cell.end)))
    return known.cell;
  const cell = made(limit, leaseMs, now);
  cells.set(limit, { leaseMs, cell });
  return cell;
};

const made = ({ subject, metric, windowMs, period }: Limit, leaseMs: number, now: number): SharedCell => {
  const tag = tagOf(subject);
  const none = { widthMs: 0, span: 0, start: undefined, end: undefined };
  if (metric === 'parallel') return { subject, metric, kind: 'p', tag, name: `${countsOf(subject)}parallel`, ...none };
  if (windowMs !== undefined) {
    const widthMs = Math.max(1, Math.ceil(windowMs / parts));
    const kind = windowMs > leaseMs ? 'l' : 'w';
    return {
      ...none,
      subject,
      metric,
      kind,
      tag,
      name: `${countsOf(subject)}${metric}:in:${windowMs}`,
      widthMs,
      span: Math.ceil(windowMs / widthMs),
    };
  }
  const span = period?.(now);
  return { ...none, subject, metric, kind: 'b', tag, name: budgetName(subject, metric, span?.start), start: span?.start, end: span?.end };
};

/** For how long its counts are kept after they were last asked for, in milliseconds. */
export const lifeMs = ({ kind, widthMs, span, end }: SharedCell, now: number): number => {
  if (kind === 'b') return end === undefined ? idleMs : Math.max(0, end - now) + keptMs;
  return kind === 'p' ? keptMs : (span + 2) * widthMs;
};

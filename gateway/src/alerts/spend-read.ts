import type { Queries } from '../storage/sql/database.ts';
import { sql } from '../storage/sql/statement.ts';

const dayMs = 86_400_000;
const perPage = 5000;
const perStatement = 500;

/** Whose spend was written since a moment, page by page, and until when that is known with each. */
export async function* changedSubjects(
  queries: Queries,
  since: number,
): AsyncGenerator<{ readonly subjects: readonly string[]; readonly until: number }> {
  let last: { subject: string; period_start: number; updated_at: number } | undefined;
  for (;;) {
    const after: ReturnType<typeof sql> = last
      ? sql`(updated_at > ${last.updated_at} or (updated_at = ${last.updated_at} and (subject > ${last.subject}
          or (subject = ${last.subject} and period_start > ${last.period_start}))))`
      : sql`updated_at >= ${since}`;
    const rows = await queries.all<{ subject: string; period_start: number; updated_at: number }>(
      sql`select subject, period_start, updated_at from spend_totals where ${after}
          order by updated_at, subject, period_start limit ${perPage}`,
    );
    last = rows.at(-1);
    if (!last) return;
    yield { subjects: [...new Set(rows.map(({ subject }) => subject))], until: last.updated_at };
    if (rows.length < perPage) return;
  }
}

export interface Counter {
  readonly subject: string;
  /** Unix milliseconds; 0: since ever. */
  readonly periodStart: number;
}

export interface Counted {
  readonly nanodollars: number;
  /** When somebody last said what it is, in Unix milliseconds; 0: nobody did. */
  readonly setAt: number;
}

export const counterId = ({ subject, periodStart }: Counter): string => `${periodStart} ${subject}`;

/** What counters say, by `counterId`; those that nothing was counted on are not among them. */
export const countersOf = async (queries: Queries, counters: readonly Counter[]): Promise<ReadonlyMap<string, Counted>> => {
  const wanted = new Set(counters.map(counterId));
  const found = new Map<string, Counted>();
  for (let at = 0; at < counters.length; at += perStatement) {
    const some = counters.slice(at, at + perStatement);
    // Most periods are the same, so this asks for little more than those; pairs would be a condition each, which takes long to plan.
    const rows = await queries.all<{ subject: string; period_start: number; nanodollars: number; set_at: number }>(
      sql`select subject, period_start, nanodollars, set_at from spend_totals
          where subject in (${listOf(some.map(({ subject }) => subject))}) and period_start in (${listOf(some.map(({ periodStart }) => periodStart))})`,
    );
    for (const { subject, period_start: periodStart, nanodollars, set_at: setAt } of rows) {
      const id = counterId({ subject, periodStart });
      if (wanted.has(id)) found.set(id, { nanodollars, setAt });
    }
  }
  return found;
};

const listOf = (values: readonly (string | number)[]) =>
  sql.join(
    [...new Set(values)].map((value) => sql`${value}`),
    ', ',
  );

/** What of a subject's name is its kind in the sums of days. */
const kindsWithDays: ReadonlySet<string> = new Set(['key', 'user', 'team', 'organization', 'project', 'customer', 'tag', 'agent']);

const dayEntityOf = (subject: string): { readonly kind: string; readonly entity: string } | undefined => {
  if (subject === 'gateway') return { kind: 'gateway', entity: '' };
  const colon = subject.indexOf(':');
  const [kind, entity] = [subject.slice(0, Math.max(0, colon)), subject.slice(colon + 1)];
  // Of a part there are no sums.
  return kindsWithDays.has(kind) && !entity.includes('/model:') ? { kind, entity } : undefined;
};

/**
 * What subjects spent on each of the last seven whole days, on average, in nano-dollars. Not among them: those of whom no sums
 * are kept, and those who have not been there for so long.
 */
export const weekAveragesOf = async (queries: Queries, subjects: readonly string[], now: number): Promise<ReadonlyMap<string, number>> => {
  const byKind = new Map<string, Map<string, string>>();
  for (const subject of subjects) {
    const found = dayEntityOf(subject);
    if (!found) continue;
    const entities = byKind.get(found.kind) ?? new Map<string, string>();
    byKind.set(found.kind, entities.set(found.entity, subject));
  }
  const today = Math.floor(now / dayMs);
  const averages = new Map<string, number>();
  for (const [kind, entities] of byKind) {
    const names = [...entities.keys()];
    for (let at = 0; at < names.length; at += perStatement) {
      const rows = await queries.all<{ entity: string; first: number; sum: number }>(
        sql`select entity, min(day) as first, cast(sum(case when day >= ${today - 7} then nanodollars else 0 end) as bigint) as sum
            from spend_days where kind = ${kind} and entity in (${listOf(names.slice(at, at + perStatement))}) and day < ${today}
            group by entity`,
      );
      for (const { entity, first, sum } of rows) if (first <= today - 7) averages.set(entities.get(entity)!, sum / 7);
    }
  }
  return averages;
};

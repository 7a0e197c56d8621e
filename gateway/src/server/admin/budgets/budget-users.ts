import { kinds } from '../../../access/records/kinds.ts';
import type { Writing } from '../../../access/store/writing.ts';
import { sql } from '../../../storage/sql/statement.ts';

/** What may name a shared budget, as people call it, where it has a column for it. */
const users = [
  [kinds.key, 'key'],
  [kinds.team, 'team'],
  [kinds.user, 'user'],
  [kinds.organization, 'organization'],
  [kinds.project, 'project'],
  [kinds.customer, 'customer'],
  [kinds.tag, 'tag'],
] as const;

/** How many of which things use a budget: `2 keys, 1 team`. Undefined: none. */
export const usersOfBudget = async (writing: Writing, id: string): Promise<string | undefined> => {
  const counts: [number, string][] = [];
  for (const [kind, word] of users) {
    const row = await writing.tx.one<{ count: number }>(sql`select count(*) as count from ${sql.name(kind.table)} where budget_id = ${id}`);
    counts.push([row?.count ?? 0, word]);
  }
  for (const [kind, word] of [[kinds.teamMember, 'team member'] as const, [kinds.organizationMember, 'organization member'] as const]) {
    const row = await writing.tx.one<{ count: number }>(
      sql`select count(*) as count from ${sql.name(kind.table)} where data->>'budget_id' = ${id}`,
    );
    counts.push([row?.count ?? 0, word]);
  }
  const used = counts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}${count === 1 ? '' : 's'}`);
  return used.length === 0 ? undefined : used.join(', ');
};

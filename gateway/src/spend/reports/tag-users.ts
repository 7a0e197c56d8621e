import { sql, type Statement } from '../../storage/sql/statement.ts';
import { storedName } from '../ledger/names.ts';
import { sumOfCounts, type Counts } from './counts.ts';
import type { DaySpan } from './days.ts';
import type { Reader } from './event-source.ts';
import { among } from './lens.ts';

/** Which tags and user agents. Absent: all. */
export interface TagLens {
  readonly names?: readonly string[];
}

/** How a user agent is called among tags. */
const agentPrefix = 'User-Agent: ';

/** Sums by tag and key, with the key's user. A key that is nobody's is its own. */
const source = ({ names }: TagLens, { first, last }: DaySpan): Statement => {
  const agents = names?.filter((name) => name.startsWith(agentPrefix)).map((name) => storedName(name.slice(agentPrefix.length)));
  const which = names
    ? sql`((d.kind = 'tag' and ${among(sql`d.entity`, names.map(storedName))}) or (d.kind = 'user_agent' and ${among(sql`d.entity`, agents ?? [])}))`
    : sql`d.kind in ('tag', 'user_agent')`;
  return sql`(select case when d.kind = 'tag' then d.entity else ${agentPrefix} || d.entity end as tag,
      coalesce(k.user_id, x.user_id, d.key_id) as user_id, d.requests, d.failed, d.input_tokens, d.output_tokens,
      d.cache_read_tokens, d.cache_write_tokens, d.cache_hits, d.nanodollars
    from spend_details d left join keys k on k.id = d.key_id left join deleted_keys x on x.id = d.key_id
    where ${which} and d.day >= ${first} and d.day <= ${last}) as used`;
};

/** The most tags that are told of. */
const maxTags = 1000;

export interface TagCounts {
  readonly tag: string;
  readonly users: number;
  readonly counts: Counts;
}

/** How many users each tag had, and what they used; those with most calls first. */
export const usersOfTags = async (reader: Reader, lens: TagLens, span: DaySpan): Promise<readonly TagCounts[]> => {
  const rows = await reader.all<Counts & { tag: string; users: number }>(
    sql`select tag, count(distinct case when user_id = '' then null else user_id end) as users, ${sumOfCounts} from ${source(lens, span)}
      group by tag order by sum(requests) desc, tag limit ${maxTags}`,
  );
  return rows.map(({ tag, users, ...counts }) => ({ tag, users, counts }));
};

export type TagUser = Counts & { readonly tag: string; readonly user: string };

/** Who used it under which user agent: a page of them, and how many there are. With names, under those tags. */
export const tagUsers = async (
  reader: Reader,
  lens: TagLens,
  span: DaySpan,
  { page, size }: { page: number; size: number },
): Promise<{ readonly rows: readonly TagUser[]; readonly total: number }> => {
  const wanted = lens.names ? sql`user_id <> ''` : sql`user_id <> '' and tag like ${`${agentPrefix}%`}`;
  const from = source(lens, span);
  const rows = await reader.all<Counts & { tag: string; user_id: string }>(
    sql`select tag, user_id, ${sumOfCounts} from ${from} where ${wanted} group by tag, user_id
      order by sum(requests) desc, tag, user_id limit ${size} offset ${(page - 1) * size}`,
  );
  const [counted] = await reader.all<{ count: number }>(
    sql`select count(*) as count from (select 1 from ${from} where ${wanted} group by tag, user_id) as pairs`,
  );
  return { rows: rows.map(({ user_id: user, ...row }) => ({ ...row, user })), total: counted?.count ?? 0 };
};

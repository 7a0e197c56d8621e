import { sql, type Statement } from '../../storage/sql/statement.ts';
import { storedName } from '../ledger/names.ts';

/** What a sum is of (`0003-spend`). */
export const entityKinds = ['gateway', 'key', 'user', 'team', 'organization', 'project', 'customer', 'tag', 'agent', 'user_agent'] as const;
export type EntityKind = (typeof entityKinds)[number];

/**
 * Whose sums are looked at: entities of one kind. One kind alone, for a call is in the sums of its user and in those of its
 * team, and would count twice.
 */
export interface Lens {
  readonly kind: EntityKind;
  /** Absent: all of that kind. */
  readonly entities?: readonly string[] | undefined;
  readonly except?: readonly string[] | undefined;
  /** Of these entities too, but only what this user's keys did there. */
  readonly partly?: { readonly entities: readonly string[]; readonly userId: string } | undefined;
}

export const gatewayLens: Lens = { kind: 'gateway' };

const listOf = (values: readonly (string | number)[]): Statement =>
  sql.join(
    values.map((value) => sql`${value}`),
    ', ',
  );

/** An empty list must never mean everything. */
export const among = (column: Statement, values: readonly (string | number)[]): Statement =>
  values.length === 0 ? sql`1 = 0` : sql`${column} in (${listOf(values)})`;

export const entityConditions = ({ kind, entities, except, partly }: Lens): Statement[] => {
  const all = [sql`kind = ${kind}`];
  if (partly)
    all.push(
      sql`(${among(sql`entity`, stored(entities ?? []))} or (${among(sql`entity`, stored(partly.entities))}
        and key_id in (select id from keys where user_id = ${partly.userId}
          union all select id from deleted_keys where user_id = ${partly.userId})))`,
    );
  else if (entities) all.push(among(sql`entity`, stored(entities)));
  if (except && except.length > 0) all.push(sql`not ${among(sql`entity`, stored(except))}`);
  return all;
};

/** As they stand in sums, where names that are too long are shorter. */
const stored = (names: readonly string[]): readonly string[] => names.map(storedName);

import type { Database } from '../../../storage/sql/database.ts';
import { sql } from '../../../storage/sql/statement.ts';
import type { SpendEvent } from '../../../spend/event.ts';
import type { HeldBudget } from '../../governance/governor.ts';
import type { JobKind } from './job-state.ts';

/** A job that is not paid for yet. */
export interface OpenJob {
  readonly id: string;
  readonly kind: JobKind;
  readonly deploymentId: string;
  /** The provider's own. */
  readonly batchId: string;
  /** Unix milliseconds. */
  readonly createdAt: number;
  /** The line of the books that it becomes, without what it used. */
  readonly event: SpendEvent;
  /** As its deployment calls it; empty: it named none. */
  readonly upstreamModel: string;
  /** Some budget bounds whoever made it. */
  readonly isBudgeted?: boolean;
  /** What is held for it until its bill is there. Absent: no budget bounds it. */
  readonly held?: { readonly nanodollars: number; readonly budgets: readonly HeldBudget[] };
}

interface Row {
  readonly id: string;
  readonly kind: string;
  readonly deployment_id: string;
  readonly batch_id: string;
  readonly created_at: number;
  readonly data: string;
}

const columns = sql`id, kind, deployment_id, batch_id, created_at, data`;

export const idOfJob = (deploymentId: string, batchId: string): string => `${deploymentId}/${batchId}`;

/** The rows of `spend_batches`. What goes wrong is the database's. */
export class BatchTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** One that is known stays as it is. @param heldUntil whoever made it holds its money, if any is held, until then, and goes on */
  async add(job: OpenJob, nextLookAt: number, heldUntil: number): Promise<void> {
    const { id, kind, deploymentId, batchId, createdAt, event, upstreamModel, isBudgeted, held } = job;
    const data = JSON.stringify({ event, upstreamModel, isBudgeted, held });
    await this.#database
      .run(sql`insert into spend_batches (id, kind, deployment_id, batch_id, created_at, next_look_at, claimed_until, held_until, data)
      values (${id}, ${kind}, ${deploymentId}, ${batchId}, ${createdAt}, ${nextLookAt}, 0, ${held ? heldUntil : null}, ${data}) on conflict (id) do nothing`);
  }

  /** Those for which money is held. */
  async holding(limit: number): Promise<readonly { id: string; heldUntil: number }[]> {
    return (
      await this.#database.all<{ id: string; held_until: number }>(
        sql`select id, held_until from spend_batches where held_until is not null order by created_at desc limit ${limit}`,
      )
    ).map(({ id, held_until: heldUntil }) => ({ id, heldUntil }));
  }

  /** Whoever held its money is gone. @returns whether it is ours to hold now */
  async takeHold(id: string, now: number, until: number): Promise<boolean> {
    return (await this.#database.run(sql`update spend_batches set held_until = ${until} where id = ${id} and held_until <= ${now}`)) === 1;
  }

  async keepHolds(ids: readonly string[], until: number): Promise<void> {
    if (ids.length > 0) await this.#database.run(sql`update spend_batches set held_until = ${until} where id in (${listOf(ids)})`);
  }

  async of(ids: readonly string[]): Promise<readonly OpenJob[]> {
    if (ids.length === 0) return [];
    return (await this.#database.all<Row>(sql`select ${columns} from spend_batches where id in (${listOf(ids)})`)).map(jobOf);
  }

  /** The same job of a provider, whichever deployment it was made at. */
  async ofBatch(kind: JobKind, batchId: string): Promise<readonly OpenJob[]> {
    const rows = await this.#database.all<Row>(sql`select ${columns} from spend_batches where kind = ${kind} and batch_id = ${batchId}`);
    return rows.map(jobOf);
  }

  /** The oldest first. */
  async ofKind(kind: JobKind, limit: number): Promise<readonly OpenJob[]> {
    const rows = await this.#database.all<Row>(
      sql`select ${columns} from spend_batches where kind = ${kind} order by created_at limit ${limit}`,
    );
    return rows.map(jobOf);
  }

  /** Those that are to be looked at by now, the longest waiting first. */
  async due(now: number, limit: number): Promise<readonly OpenJob[]> {
    const rows = await this.#database.all<Row>(sql`select ${columns} from spend_batches
      where next_look_at <= ${now} and claimed_until <= ${now} order by next_look_at limit ${limit}`);
    return rows.map(jobOf);
  }

  /** Nobody else works on it until then. @returns whether nobody did */
  async claim(id: string, now: number, until: number): Promise<boolean> {
    return (
      (await this.#database.run(sql`update spend_batches set claimed_until = ${until} where id = ${id} and claimed_until <= ${now}`)) === 1
    );
  }

  async lookAgain(id: string, at: number): Promise<void> {
    await this.#database.run(sql`update spend_batches set claimed_until = 0, next_look_at = ${at} where id = ${id}`);
  }

  async remove(id: string): Promise<void> {
    await this.#database.run(sql`delete from spend_batches where id = ${id}`);
  }
}

const listOf = (ids: readonly string[]) =>
  sql.join(
    ids.map((id) => sql`${id}`),
    ', ',
  );

const jobOf = ({ id, kind, deployment_id: deploymentId, batch_id: batchId, created_at: createdAt, data }: Row): OpenJob => ({
  id,
  kind: kind as JobKind,
  deploymentId,
  batchId,
  createdAt,
  ...(JSON.parse(data) as Pick<OpenJob, 'event' | 'upstreamModel' | 'isBudgeted' | 'held'>),
});

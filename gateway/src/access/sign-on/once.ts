import { SluiceError } from 'sluice/kit';
import { sql } from '../../storage/sql/statement.ts';
import { hashKey } from '../keys/secret.ts';
import { kinds } from '../records/kinds.ts';
import type { GrantRecord } from '../records/records.ts';
import type { Store } from '../store/store.ts';
import type { Stored } from '../store/stored.ts';

const actor = { by: 'system:sign-on' };
const maxOpen = 100_000;

/** What is good for a short time and once, whichever gateway it comes back to. Only hashes of what is presented are stored. */
export class OnceStore {
  readonly #store: Store;
  readonly #sweepMs: number;
  #sweptAt = 0;

  constructor(store: Store, sweepMs = 60_000) {
    this.#store = store;
    this.#sweepMs = sweepMs;
  }

  /** @throws SluiceError `unavailable` where anybody has begun more than could be meant */
  async keep(kind: string, presented: string, value: GrantRecord['value'], lifeMs: number): Promise<void> {
    const { now } = this.#store;
    if (now - this.#sweptAt >= this.#sweepMs) {
      this.#sweptAt = now;
      await this.#store.database.run(sql`delete from ${sql.name(kinds.grant.table)} where expires_at < ${now}`);
      if ((await this.#store.count(kinds.grant)) > maxOpen)
        throw new SluiceError('unavailable', 'Too many people are signing in. Try again in a moment.', { retryAfterMs: this.#sweepMs });
    }
    await this.#store.write(actor, async (writing) => {
      await writing.insert<GrantRecord>(kinds.grant, idOf(kind, presented), { kind, value, expires_at: writing.now + lifeMs });
    });
  }

  /** The value, and it is gone: of several that take it at once, one gets it. */
  async take(kind: string, presented: string): Promise<GrantRecord['value'] | undefined> {
    const taken = await this.#store.write(actor, (writing) => writing.remove(kinds.grant, idOf(kind, presented)));
    return taken && this.#good(taken)?.data.value;
  }

  async look(kind: string, presented: string): Promise<GrantRecord['value'] | undefined> {
    const found = await this.#store.get(kinds.grant, idOf(kind, presented));
    return found && this.#good(found)?.data.value;
  }

  /** Whether nobody has come with it before. It is remembered for so long. */
  async isFirst(kind: string, presented: string, lifeMs: number): Promise<boolean> {
    try {
      await this.keep(kind, presented, {}, lifeMs);
      return true;
    } catch (cause) {
      if (SluiceError.is(cause) && cause.code === 'conflict') return false;
      throw cause;
    }
  }

  #good<T extends Stored<GrantRecord>>(grant: T): T | undefined {
    return this.#store.now < grant.data.expires_at ? grant : undefined;
  }
}

/** One kind's can never be taken for another's. */
const idOf = (kind: string, presented: string): string => hashKey(`${kind}\n${presented}`);

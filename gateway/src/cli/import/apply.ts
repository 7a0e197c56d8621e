import { openMembers } from '../../config/stored/open-members.ts';
import { sealedPlace } from '../../config/stored/stored-rows.ts';
import { kinds, type Kind } from '../../access/records/kinds.ts';
import type { Store } from '../../access/store/store.ts';
import type { Stored } from '../../access/store/stored.ts';
import type { Reading } from '../../access/store/reading.ts';
import type { Writing } from '../../access/store/writing.ts';
import { sql, UniqueViolation } from '../../storage/sql/index.ts';
import type { Sealer } from '../../storage/sealed/sealer.ts';
import type { Mapped } from './mapped.ts';
import { notCarried, type Note } from './notes.ts';
import type { Outcome } from './report.ts';
import type { Target } from './target.ts';
import { ownersOf, withoutTaken, type Seen } from './unique.ts';
import { writeSpend } from './write-spend.ts';

export interface ApplyOptions {
  readonly overwrite: boolean;
  /** Only look. */
  readonly dryRun: boolean;
  readonly sealer: Sealer;
}

export interface Applied {
  readonly id: string;
  readonly outcome: Outcome;
  readonly notes: readonly Note[];
}

const importActor = { by: 'import:litellm' };

/** Things of one kind, in one transaction. */
export const applyBatch = async <T extends object>(
  store: Store,
  target: Target<T>,
  things: readonly Mapped<T>[],
  options: ApplyOptions & { seen: Seen },
): Promise<readonly Applied[]> => {
  if (options.dryRun) return plan(store, target, things, options).then((all) => all.map(({ applied }) => applied));
  try {
    return await write(store, target, things, options);
  } catch (cause) {
    if (!(cause instanceof UniqueViolation)) throw cause;
    // One of them; the others are none the worse for it.
    const applied: Applied[] = [];
    for (const thing of things)
      applied.push(...(things.length > 1 ? await applyBatch(store, target, [thing], options) : [taken(thing, cause)]));
    return applied;
  }
};

const taken = ({ id, notes }: Mapped<unknown>, { constraint }: UniqueViolation): Applied => ({
  id,
  outcome: 'skipped',
  notes: [...notes, notCarried('all', `another one here has the same ${constraint}`)],
});

const write = <T extends object>(
  store: Store,
  target: Target<T>,
  things: readonly Mapped<T>[],
  options: ApplyOptions,
): Promise<readonly Applied[]> =>
  store.write(importActor, async (writing) => {
    const planned = await plan(writing, target, things, { ...options, seen: new Map() });
    for (const { applied, thing } of planned) {
      if (applied.outcome === 'imported') {
        await writing.insert(target.kind, thing.id, thing.data!);
        await backdate(writing, target, thing);
      } else if (applied.outcome === 'replaced') await writing.update(target.kind, thing.id, () => thing.data!);
      else if (applied.outcome !== 'unchanged' || !options.overwrite) continue;
      await writeSpend(writing, target, thing);
    }
    return planned.map(({ applied }) => applied);
  });

interface Planned<T> {
  readonly applied: Applied;
  readonly thing: Mapped<T>;
}

const plan = async <T extends object>(
  reading: Reading,
  target: Target<T>,
  things: readonly Mapped<T>[],
  { overwrite, sealer, seen }: ApplyOptions & { seen: Seen },
): Promise<Planned<T>[]> => {
  const here = new Map(
    (
      await reading.getAll(
        target.kind,
        things.map(({ id }) => id),
      )
    ).map((each) => [each.id, each]),
  );
  const taken = await ownersOf(reading, target, things);
  return things.map((given) => {
    const thing = withoutTaken(given, target, taken, seen);
    const outcome = outcomeOf(target.kind, thing, here.get(thing.id), { overwrite, sealer });
    return { thing, applied: { id: thing.id, outcome, notes: thing.notes } };
  });
};

const outcomeOf = <T>(
  kind: Kind<T>,
  thing: Mapped<T>,
  before: Stored<T> | undefined,
  { overwrite, sealer }: Pick<ApplyOptions, 'overwrite' | 'sealer'>,
): Outcome => {
  if (thing.data === undefined) return 'skipped';
  if (!before) return 'imported';
  if (Bun.deepEquals(plainOf(kind, before.id, before.data, sealer), plainOf(kind, thing.id, thing.data, sealer))) return 'unchanged';
  return overwrite ? 'replaced' : 'kept';
};

/** Sealed twice the same is not the same: what is sealed is compared. */
const plainOf = (kind: Kind<never> | Kind<unknown> | { name: string }, id: string, data: unknown, sealer: Sealer): unknown => {
  const stored = JSON.parse(JSON.stringify(data)) as Record<string, unknown>;
  const open = (member: string, place: string) => ({ ...stored, [member]: openMembers(stored[member], place, sealer).value });
  switch (kind.name) {
    case kinds.model.name:
      return open('litellm_params', sealedPlace.model(id));
    case kinds.credential.name:
      return open('credential_values', sealedPlace.credential(id));
    case kinds.setting.name:
      return open('value', sealedPlace.setting(id));
    default:
      return stored;
  }
};

/** Budgets' periods begin when a thing was made, and lists show it. */
const backdate = async <T>(writing: Writing, { kind }: Target<T>, { id, createdAt, createdBy }: Mapped<T>): Promise<void> => {
  if (createdAt === undefined) return;
  await writing.tx.run(
    sql`update ${sql.name(kind.table)} set created_at = ${createdAt}, created_by = ${createdBy ?? importActor.by} where id = ${id}`,
  );
};

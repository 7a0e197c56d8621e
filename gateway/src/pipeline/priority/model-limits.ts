import type { PrioritySettings } from '../../config/priority-settings.ts';
import type { Limit } from '../../limits/index.ts';
import type { ModelCapacity } from './model-capacity.ts';
import { partOf, sharesOf } from './shares.ts';

const minuteMs = 60_000;
/** What is told of a client's names in errors. */
const maxShown = 100;

/** What one priority has of a model. */
export interface Pool {
  /** As headers and errors call it: `default` where callers have none. */
  readonly name: string;
  /** Of active callers: a place for each pool. */
  readonly place: string;
  /** Its part of what the model takes. */
  readonly part: ModelCapacity;
  /** While the model is not busy: its use is counted, and it may use what others leave. */
  readonly lent: readonly Limit[];
  /** While it is. */
  readonly held: readonly Limit[];
}

/** Limits of a model and of the priorities at it. Made once for a configuration and a model, so that each is one object. */
export class ModelLimits {
  /** Of the model as a whole. */
  readonly whole: readonly Limit[];
  readonly capacity: ModelCapacity;
  readonly #settings: PrioritySettings;
  readonly #shares: ReadonlyMap<string, number>;
  readonly #pools = new Map<string | undefined, Pool>();

  constructor(settings: PrioritySettings, capacity: ModelCapacity) {
    this.#settings = settings;
    this.capacity = capacity;
    this.#shares = sharesOf(settings.reservations, capacity);
    const { group } = capacity;
    this.whole = limitsOf(`model:${group}`, `model ${JSON.stringify(group.slice(0, maxShown))}`, capacity);
  }

  /** The pool of a priority. Those that nothing is reserved for are in that of callers without one. */
  poolOf(priority: string | undefined): Pool {
    const { reservations } = this.#settings;
    // Without reservations there is nothing to divide.
    const known = priority !== undefined && Object.hasOwn(reservations, priority) ? priority : undefined;
    let pool = this.#pools.get(known);
    if (!pool) this.#pools.set(known, (pool = this.#make(known)));
    return pool;
  }

  /**
   * The first limiter's: what is left of the model, divided. Whoever asks has at least one of it or is refused.
   * @param sharers how many it is divided by
   */
  divided(sharers: number): readonly Limit[] {
    if (sharers <= 1) return this.whole;
    return this.whole.map((limit) => ({
      ...limit,
      max: Math.max(0, limit.max - (sharers - 1)),
      label: `${limit.label}, what is left of which is divided by ${sharers},`,
    }));
  }

  /** What one caller may use of a pool while the model is busy, and before. */
  ofCaller({ part, place }: Pool, caller: string, active: number, busy: boolean): readonly Limit[] {
    const { group, rpm, tpm } = this.capacity;
    const label = `each of ${active} callers that are active at model ${JSON.stringify(group.slice(0, maxShown))}`;
    const subject = `share:${place}/${encodeURIComponent(caller)}`;
    if (!busy) return limitsOf(subject, label, { group, ...defined(rpm, tpm) });
    const fair = (whole: number | undefined) => whole && Math.max(1, Math.floor(whole / active));
    return limitsOf(subject, label, { group, ...defined(fair(part.rpm), fair(part.tpm)) });
  }

  #make(priority: string | undefined): Pool {
    const { group, rpm, tpm } = this.capacity;
    const { reservations, defaultShare } = this.#settings;
    const divided = Object.keys(reservations).length > 0;
    const share = divided ? (priority === undefined ? defaultShare : this.#shares.get(priority)) : undefined;
    const name = priority ?? 'default';
    if (share === undefined) return { name, place: group, part: this.capacity, lent: [], held: [] };
    const part: ModelCapacity = {
      group,
      ...defined(rpm === undefined ? undefined : partOf(rpm, share), tpm === undefined ? undefined : partOf(tpm, share)),
    };
    // Names hold slashes, and the pool of those without a priority one that no priority can have.
    const subject = `priority:${group}/${priority === undefined ? '' : encodeURIComponent(priority)}`;
    const who = priority === undefined ? 'callers without a priority' : `priority ${JSON.stringify(priority)}`;
    const label = `${who} at model ${JSON.stringify(group.slice(0, maxShown))} (${Number(share.toFixed(4))} of it while it is busy)`;
    return {
      name,
      place: subject,
      part,
      // The same counts, with room for all that the model takes.
      lent: limitsOf(subject, label, this.capacity),
      held: limitsOf(subject, label, part),
    };
  }
}

const defined = (rpm: number | undefined, tpm: number | undefined): { rpm?: number; tpm?: number } => ({
  ...(rpm !== undefined && { rpm }),
  ...(tpm !== undefined && { tpm }),
});

const limitsOf = (subject: string, label: string, { rpm, tpm }: ModelCapacity): readonly Limit[] => [
  ...(rpm === undefined ? [] : [{ subject, label, metric: 'requests', max: rpm, windowMs: minuteMs } as const]),
  ...(tpm === undefined ? [] : [{ subject, label, metric: 'tokens', max: tpm, windowMs: minuteMs } as const]),
];

import type { Live } from '../live.ts';

/** What the deployments of a model name take together in a minute. */
export interface ModelCapacity {
  /** The name that its deployments have in the configuration: the same for aliases and ids. A pattern's names share one. */
  readonly group: string;
  /** Absent: one of them does not say, and what is not bounded cannot be divided. */
  readonly rpm?: number;
  readonly tpm?: number;
}

/** Names come from clients, and patterns take any. */
const maxNames = 2000;
const known = new WeakMap<Live, Map<string, ModelCapacity | undefined>>();

/** Worked out once for a configuration and a name. Undefined: nobody serves it, or nothing is known of what it takes. */
export const capacityOf = (live: Live, model: string): ModelCapacity | undefined => {
  let names = known.get(live);
  if (!names) known.set(live, (names = new Map()));
  if (names.has(model)) return names.get(model);
  const capacity = read(live, model);
  if (names.size >= maxNames) names.clear();
  names.set(model, capacity);
  return capacity;
};

const read = (live: Live, model: string): ModelCapacity | undefined => {
  const group = groupOf(live, model);
  if (group === undefined) return undefined;
  const all = live.snapshot.deployments.filter(({ modelName }) => modelName === group);
  const sum = (metric: 'rpm' | 'tpm'): number | undefined =>
    all.reduce<number | undefined>((total, one) => (total === undefined || one[metric] === undefined ? undefined : total + one[metric]), 0);
  const [rpm, tpm] = [sum('rpm'), sum('tpm')];
  if (rpm === undefined && tpm === undefined) return undefined;
  return { group, ...(rpm !== undefined && { rpm }), ...(tpm !== undefined && { tpm }) };
};

/** The name under which the configuration has a model that is asked for by whatever name. Undefined: nobody serves it. */
export const groupOf = (live: Live, model: string): string | undefined => live.router.match(model)[0]?.deployment.payload.modelName;

import { nearest } from '../../lib/nearest.ts';
import type { JsonObject } from '../../types/index.ts';

export interface NumberOption {
  /** Where it is absent. */
  readonly default: number;
  readonly min: number;
  readonly max?: number;
  readonly whole?: boolean;
}

/**
 * The options of a strategy (`routing_strategy_args`), which are numbers.
 * @throws RangeError for a value that is none or out of bounds, and for an option that there is not
 */
export const readOptions = <N extends string>(
  strategy: string,
  options: JsonObject | undefined,
  known: Readonly<Record<N, NumberOption>>,
): Record<N, number> => {
  const names = Object.keys(known) as N[];
  for (const name of Object.keys(options ?? {})) {
    if (Object.hasOwn(known, name)) continue;
    const meant = nearest(name, names, 1)[0];
    const has = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`;
    throw new RangeError(
      `The routing strategy '${strategy}' has no option '${name}'${meant === undefined ? `: ${has}.` : `; did you mean '${meant}'?`}`,
    );
  }
  const read = {} as Record<N, number>;
  for (const name of names) read[name] = numberOf(strategy, name, options?.[name], known[name]);
  return read;
};

const numberOf = (strategy: string, name: string, value: unknown, { default: otherwise, min, max, whole }: NumberOption): number => {
  if (value === undefined || value === null) return otherwise;
  if (
    typeof value === 'number' &&
    Number.isFinite(value) &&
    value >= min &&
    (max === undefined || value <= max) &&
    (!whole || Number.isInteger(value))
  )
    return value;
  const bounds = max === undefined ? `of at least ${min}` : `from ${min} to ${max}`;
  throw new RangeError(`The option '${name}' of the routing strategy '${strategy}' must be a ${whole ? 'whole ' : ''}number ${bounds}.`);
};

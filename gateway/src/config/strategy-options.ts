import { checkStrategyOptions, type RoutingGroup } from 'sluice/kit';
import { note, type Findings } from './issues.ts';
import type { Path } from './problem.ts';
import type { Source } from './source.ts';

/** Options of LiteLLM's strategies (RoutingArgs in router_strategy/lowest_latency.py and lowest_tpm_rpm_v2.py, read 2026-11-22). */
const litellmOptions: ReadonlySet<string> = new Set(['ttl', 'lowest_latency_buffer', 'max_latency_list_size']);

type Options = NonNullable<RoutingGroup<string>['strategyOptions']>;

/**
 * `routing_strategy_args` for a strategy. Those of LiteLLM that it has no use for are left out with a note; what nobody
 * knows, and what is out of bounds, is a mistake.
 */
export const optionsOf = (
  strategy: string,
  given: Readonly<Record<string, unknown>>,
  { source, path, findings }: { source: Source; path: Path; findings: Findings },
): Options => {
  const taken = Object.entries(given).filter(([name]) => {
    if (!litellmOptions.has(name) || problemOf(strategy, { [name]: null }) === undefined) return true;
    findings.notes.push(note(source, [...path, name], 'other', `${strategy} ${name}`, `has no effect on ${strategy}`));
    return false;
  });
  const options = Object.fromEntries(taken) as Options;
  for (const [name, value] of Object.entries(options)) {
    const problem = problemOf(strategy, { [name]: value });
    if (problem !== undefined) findings.problems.push(source.problem([...path, name], problem));
  }
  return options;
};

const problemOf = (strategy: string, options: Options): string | undefined => {
  try {
    checkStrategyOptions(strategy, options);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
};

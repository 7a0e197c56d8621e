import { countedAs } from '../../access/keys/key-subject.ts';
import { SluiceError } from 'sluice/kit';
import type { Principal } from '../../access/principal.ts';
import type { Limit } from '../../limits/index.ts';
import { isShadowed, nanodollars, type LimitRules } from './subject-limits.ts';

/** Calls of a session are counted so long; what it spent, for ever. */
const dayMs = 86_400_000;

/** What holds for each session of a caller's calls. */
interface SessionRules {
  readonly maxIterations: number | undefined;
  readonly maxUsd: number | undefined;
  /** A call must say which session it belongs to. */
  readonly required: boolean;
  readonly isShadow: boolean;
  /** `session:ab12…` */
  readonly of: string;
  readonly label: string;
}

const known = new WeakMap<Principal, SessionRules | undefined>();

/** By the metadata of its key and of its team, the least of both, under the names that LiteLLM's agents have (docs.litellm.ai/docs/a2a_iteration_budgets, 2026-10-02). */
const rulesOf = (principal: Principal): SessionRules | undefined => {
  if (known.has(principal)) return known.get(principal);
  const { key, team } = principal;
  const all = [key?.data.metadata, team?.data.metadata];
  const least = (name: string): number | undefined => {
    const said = all.map((metadata) => metadata?.[name]).filter((value) => typeof value === 'number');
    return said.length === 0 ? undefined : Math.min(...said);
  };
  const maxIterations = least('max_iterations');
  const maxUsd = least('max_budget_per_session');
  const required = all.some((metadata) => metadata?.['require_trace_id_on_calls_by_agent'] === true);
  // A key that took another one's place goes on with its sessions.
  const id = key && countedAs(key);
  const made =
    id !== undefined && (maxIterations !== undefined || maxUsd !== undefined || required)
      ? {
          maxIterations,
          maxUsd,
          required,
          isShadow: key!.data.metadata?.['shadow_limits'] === true,
          of: `session:${id}`,
          label: `key "${key!.data.key_alias ?? key!.data.key_name}"`,
        }
      : undefined;
  known.set(principal, made);
  return made;
};

const none: readonly Limit[] = [];

/**
 * What a caller's calls of one session may use together: calls in a day, and US dollars. A session is its key's: two keys that
 * say the same are two.
 * @param sessionOf asked only where something hangs on it
 * @throws SluiceError `invalid_request` where a session must be said and is not
 */
export const sessionLimits = (
  principal: Principal,
  sessionOf: () => string | undefined,
  settings: Pick<LimitRules, 'shadow'>,
): readonly Limit[] => {
  const rules = rulesOf(principal);
  if (!rules) return none;
  const session = sessionOf();
  if (session === undefined) {
    if (!rules.required) return none;
    throw new SluiceError(
      'invalid_request',
      'Calls with this key must say which session they belong to: send `x-litellm-session-id`, `x-litellm-trace-id` or `metadata.session_id`.',
      { param: 'metadata.session_id' },
    );
  }
  const { maxIterations, maxUsd, of, label, isShadow } = rules;
  const common = { subject: `${of}/${session}`, label: `session "${session}" of ${label}` };
  const marks = (metric: Limit['metric']) => (isShadow || isShadowed(metric, settings)) && { soft: true, shadow: true };
  const all: Limit[] = [];
  if (maxIterations !== undefined) all.push({ ...common, metric: 'requests', max: maxIterations, windowMs: dayMs, ...marks('requests') });
  if (maxUsd !== undefined) all.push({ ...common, metric: 'cost', max: nanodollars(maxUsd), ...marks('cost') });
  return all;
};

import { countedAs } from '../../access/keys/key-subject.ts';
import { SluiceError } from 'sluice/kit';
import type { Principal } from '../../access/principal.ts';
import { limitsOfAgent, type BudgetSettings } from '../../config/gateway-budget.ts';
import type { Limit } from '../../limits/index.ts';
import { isShadowed, nanodollars, type LimitRules } from './subject-limits.ts';

/** Calls of a session are counted so long; what it spent, for ever. */
const dayMs = 86_400_000;
const minuteMs = 60_000;

/** What holds for each session of a caller's calls. */
interface SessionRules {
  readonly requestsPerMinute: number | undefined;
  readonly tokensPerMinute: number | undefined;
  readonly maxIterations: number | undefined;
  readonly maxUsd: number | undefined;
  /** A call must say which session it belongs to. */
  readonly required: boolean;
  readonly isShadow: boolean;
  /** `session:ab12…` */
  readonly of: string;
  readonly label: string;
}

type Settings = LimitRules & Pick<BudgetSettings, 'agents'>;

const known = new WeakMap<Principal, { readonly settings: Settings; readonly rules: SessionRules | undefined }>();

const rulesOf = (principal: Principal, settings: Settings): SessionRules | undefined => {
  let found = known.get(principal);
  if (found?.settings !== settings) known.set(principal, (found = { settings, rules: makeRules(principal, settings) }));
  return found.rules;
};

/**
 * By the metadata of its key and of its team and by what the settings say of its agent, the least of all, under the names that
 * LiteLLM's agents have (docs.litellm.ai/docs/a2a_iteration_budgets, 2026-10-02; its `AgentConfig`, reference).
 */
const makeRules = ({ key, team, agentId }: Principal, settings: Settings): SessionRules | undefined => {
  const ofAgent: Readonly<Record<string, unknown>> | undefined = agentId === undefined ? undefined : limitsOfAgent(settings, agentId);
  const all = [key?.data.metadata, team?.data.metadata, ofAgent];
  const least = (name: string): number | undefined => {
    const said = all.map((metadata) => metadata?.[name]).filter((value) => typeof value === 'number');
    return said.length === 0 ? undefined : Math.min(...said);
  };
  const requestsPerMinute = least('session_rpm_limit');
  const tokensPerMinute = least('session_tpm_limit');
  const maxIterations = least('max_iterations');
  const maxUsd = least('max_budget_per_session');
  const required = all.some((metadata) => metadata?.['require_trace_id_on_calls_by_agent'] === true);
  // A key that took another one's place goes on with its sessions.
  const id = key && countedAs(key);
  const isNone = [requestsPerMinute, tokensPerMinute, maxIterations, maxUsd].every((limit) => limit === undefined);
  if (id === undefined || (isNone && !required)) return undefined;
  return {
    requestsPerMinute,
    tokensPerMinute,
    maxIterations,
    maxUsd,
    required,
    isShadow: key!.data.metadata?.['shadow_limits'] === true,
    of: `session:${id}`,
    label: `key "${key!.data.key_alias ?? key!.data.key_name}"`,
  };
};

const none: readonly Limit[] = [];

/**
 * What a caller's calls of one session may use together: calls and tokens in a minute, calls in a day, and US dollars. A session is its key's: two keys that
 * say the same are two.
 * @param sessionOf asked only where something hangs on it
 * @throws SluiceError `invalid_request` where a session must be said and is not
 */
export const sessionLimits = (principal: Principal, sessionOf: () => string | undefined, settings: Settings): readonly Limit[] => {
  const rules = rulesOf(principal, settings);
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
  const { requestsPerMinute, tokensPerMinute, maxIterations, maxUsd, of, label, isShadow } = rules;
  const common = { subject: `${of}/${session}`, label: `session "${session}" of ${label}` };
  const marks = (metric: Limit['metric']) => (isShadow || isShadowed(metric, settings)) && { soft: true, shadow: true };
  const all: Limit[] = [];
  const rate = (metric: Limit['metric'], max: number | undefined, windowMs: number): void => {
    if (max !== undefined) all.push({ ...common, metric, max, windowMs, ...marks(metric) });
  };
  rate('requests', requestsPerMinute, minuteMs);
  rate(settings.tokenMetric, tokensPerMinute, minuteMs);
  rate('requests', maxIterations, dayMs);
  if (maxUsd !== undefined) all.push({ ...common, metric: 'cost', max: nanodollars(maxUsd), ...marks('cost') });
  return all;
};

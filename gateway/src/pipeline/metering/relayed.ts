import { SluiceError, type CallFacts } from 'sluice/kit';
import type { CallState } from '../call-state.ts';

/**
 * What may be asked of vendors by POST that costs nothing by itself: things are put down, counted, called off or looked up, and
 * what is made of them is billed when it is made. By what these paths do at OpenAI, Anthropic and Gemini, whose price lists have
 * no line for them; what storing costs there (vector stores, caches) is billed by time and not by request, and is not seen here.
 */
const free =
  /\/(?:files|uploads|vector_stores|conversations|assistants|threads|skills|cachedContents|count_tokens|input_tokens|tokenize|detokenize|cancel|submit_tool_outputs)(?:\/|$)|:(?:countTokens|cancel|register)$|\/upload\//;
/** Below a container, which itself is a session that is billed, there are only files. */
const inContainer = /\/containers\/[^/]+\/files(?:\/|$)/;
/** Free at OpenAI, and not everywhere (the catalog's prices of `omni-moderation-latest`; Mistral's have one). */
const freeAtOpenai = /\/moderations$/;
/** Of those, what runs a model or has a price. */
const runs = /\/threads(?:\/[^/]+)?\/runs$|\/vector_stores\/[^/]+\/search$/;

/** Whether nobody bills a relayed request, whatever it says. */
const isFreeRelay = ({ method, path, provider }: ToRelay): boolean =>
  (method !== 'POST' && method !== 'PUT' && method !== 'PATCH') ||
  (free.test(path) && !runs.test(path)) ||
  inContainer.test(path) ||
  (provider === 'openai' && freeAtOpenai.test(path));

/** What is to be relayed, as far as its cost hangs on it. */
interface ToRelay {
  readonly method: string;
  /** Behind the relay's own, without its query. */
  readonly path: string;
  readonly provider: string;
  /** The upstream's name; undefined: the request names none. */
  readonly model: string | undefined;
  /** What the configuration says that a request costs. */
  readonly costUsd: number | undefined;
}

/**
 * A budget must not be passed by calls of which nobody will know what they cost (FP-4): they are refused before they are sent,
 * unless the settings say what they are charged.
 * @throws SluiceError `budget_exceeded`
 */
export const demandMeterable = (state: CallState, asked: ToRelay): void => {
  const { method, path, provider, model, costUsd } = asked;
  state.free = costUsd === undefined && isFreeRelay(asked);
  if (state.free || costUsd !== undefined || state.live.snapshot.budgets.unpriced.policy === 'charge') return;
  const budget = state.held?.limits.find(({ metric, soft }) => metric === 'cost' && !soft);
  if (!budget || (model !== undefined && isPriced(state, provider, model))) return;
  const what =
    model === undefined ? `what ${method} ${path.slice(0, 200)} costs there` : `what the model '${model.slice(0, 200)}' costs there`;
  throw new SluiceError(
    'budget_exceeded',
    `Nobody knows ${what}, and the budget of ${budget.label} must not be passed: say what a request costs (\`pass_through_endpoints[].cost_per_request\`), ` +
      'name a model with a price, or let such calls be charged a fixed price (`sluice_settings.budgets.unpriced: charge`).',
    { param: 'model', status: 400 },
  );
};

const isPriced = ({ live, clock, deployment }: CallState, provider: string, model: string): boolean => {
  const at = clock();
  if (deployment) return live.prices.priceOf(deployment, provider, model, at) !== undefined;
  const one: CallFacts = {
    provider,
    model,
    protocol: 'pass-through',
    same: true,
    host: '',
    status: 200,
    headers: new Headers(),
    dropped: [],
    usage: { inputTokens: 1, outputTokens: 0 },
    sentAt: at,
    headersAt: at,
  };
  return live.prices.costOf(undefined, one, at).cost.known;
};

import { SluiceError, type CallFacts, type Usage } from 'sluice/kit';
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
const runs = /\/threads(?:\/[^/]+)?\/runs$|\/vector_stores\/[^/]+\/search$/i;
/** A name that somebody gave a model, a deployment or a project is no word of the path: one may be called `files`. */
const named = /\/(?:deployments|endpoints|models|model|projects|locations|publishers)\/[^/:]+/g;
/**
 * Of these the answer says only that something was begun, or a key is handed out: what is made costs by the hour, by what is
 * read later, or where no relay sees it (OpenAI's fine-tuning, evaluations, runs of threads, secrets of realtime conversations,
 * calls by SIP; predictions of Vertex AI that take long, and jobs for many of them; Bedrock's asynchronous ones).
 */
const saysNothing =
  /\/fine_tuning\/|\/fine-tunes$|\/batches$|\/evals(?:\/|$)|\/threads(?:\/[^/]+)?\/runs$|\/realtime\/(?:sessions|transcription_sessions|client_secrets|calls)|:predictLongRunning$|:batchGenerateContent$|:asyncBatchEmbedContent$|\/(?:batchPredictionJobs|tuningJobs|customJobs|tunedModels)$|\/async-invoke$|\/model-(?:invocation|customization)-jobs?$/i;

/** As its provider reads it, whatever is escaped, doubled or trailing in it. Undefined: nobody can. */
const plain = (path: string): string | undefined => {
  try {
    return decodeURIComponent(path)
      .replace(/\/{2,}/g, '/')
      .replace(/\/$/, '');
  } catch {
    return undefined;
  }
};

/** Whether nobody bills a relayed request, whatever it says. */
const isFreeRelay = ({ method, path, provider }: ToRelay): boolean => {
  if (method !== 'POST' && method !== 'PUT' && method !== 'PATCH') return true;
  const read = plain(path);
  if (read === undefined) return false;
  const words = path.replace(named, '/');
  return (free.test(words) && !runs.test(read)) || inContainer.test(words) || (provider === 'openai' && freeAtOpenai.test(words));
};

/** What is to be relayed, as far as its cost hangs on it. */
interface ToRelay {
  readonly method: string;
  /** Behind the relay's own, without its query. */
  readonly path: string;
  readonly provider: string;
  /** The upstream's name; undefined: the request names none. */
  readonly model: string | undefined;
  /** It goes on behind its answer (`background`), or nobody here can read whether it does. */
  readonly mayGoOn?: boolean;
  /** What the configuration says that a request costs. */
  readonly costUsd: number | undefined;
}

/**
 * A budget must not be passed by calls of which nobody will know what they cost (FP-4): they are refused before they are sent,
 * unless the settings say what they are charged.
 * @throws SluiceError `budget_exceeded`
 */
export const demandMeterable = (state: CallState, asked: ToRelay): void => {
  const { method, path, provider, model, costUsd, mayGoOn = false } = asked;
  state.free = costUsd === undefined && isFreeRelay(asked);
  if (state.free || costUsd !== undefined || state.live.snapshot.budgets.unpriced.policy === 'charge') return;
  const budget = state.held?.limits.find(({ metric, soft }) => metric === 'cost' && !soft);
  const says = !mayGoOn && !saysNothing.test(plain(path) ?? path);
  if (!budget || (model !== undefined && says && isPriced(state, provider, model, path))) return;
  const what =
    model === undefined ? `what ${method} ${path.slice(0, 200)} costs there` : `what the model '${model.slice(0, 200)}' costs there`;
  throw new SluiceError(
    'budget_exceeded',
    `Nobody knows ${what}, and the budget of ${budget.label} must not be passed: say what a request costs (\`pass_through_endpoints[].cost_per_request\`), ` +
      'name a model with a price, or let such calls be charged a fixed price (`sluice_settings.budgets.unpriced: charge`).',
    { param: 'model', status: 400 },
  );
};

/** Of what else than tokens a relayed answer may say how much there was. */
const inUnits: readonly (readonly [path: RegExp, units: NonNullable<Usage['units']>])[] = [
  [/\/rerank$/, { queries: 1 }],
  [/\/ocr$/, { pages: 1 }],
];

/** Whether there is a price of what the answer will say: the model may have one of pictures or seconds, which no relay counts. */
const isPriced = ({ live, clock, deployment }: CallState, provider: string, model: string, path: string): boolean => {
  const at = clock();
  const of = (units?: Usage['units']): CallFacts => ({
    provider,
    model,
    protocol: 'pass-through',
    same: true,
    host: '',
    status: 200,
    headers: new Headers(),
    dropped: [],
    usage: units ? { inputTokens: 0, outputTokens: 0, units } : { inputTokens: 1, outputTokens: 0 },
    sentAt: at,
    headersAt: at,
  });
  const has = (facts: CallFacts): boolean => live.prices.costOf(deployment, facts, at).cost.known;
  const units = inUnits.find(([each]) => each.test(path))?.[1];
  return has(of()) || (units !== undefined && has(of(units)));
};

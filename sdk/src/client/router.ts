import type {
  Affinity,
  BreakerSettings,
  ByFailureClass,
  Candidate,
  FallbackTarget,
  Filter,
  HedgeSettings,
  ModelFacts,
  PickFunction,
  QueueSettings,
  RoutingGroup,
  Strategy,
  TagOptions,
} from '../router/index.ts';
import type { JsonObject, Target } from '../types/index.ts';
import { checkRouterConfig } from './check-router.ts';
import { completion, textCompletion } from './completion.ts';
import { imageEdit, imageGeneration, moderation, ocr, speech, transcription, translation } from './media.ts';
import type { Model } from './models.ts';
import { embedding, generateContent, messages, rerank, responses } from './native.ts';
import type { CallOptions } from './options.ts';

type OfModel = Pick<
  CallOptions,
  'baseUrl' | 'apiVersion' | 'customProvider' | 'providerOptions' | 'headers' | 'dropParams' | 'allowParams' | 'deadlines' | 'mockResponse'
>;

/** One deployment: where a name is served. Several may share a name. */
export interface RouterModel extends OfModel {
  /** What calls ask for. May be a pattern (`openai/*`, `*`) whose stars are filled into those of `model`. */
  name: string;
  model: Model;
  apiKey?: string;
  /** Unique. Default: the place in the list. */
  id?: string;
  /** Relative share of the calls. */
  weight?: number;
  /** Requests and tokens a minute that it can take. */
  rpm?: number;
  tpm?: number;
  /** Input and output tokens a minute: no shares. */
  itpm?: number;
  otpm?: number;
  /** Lower ones are asked first. */
  order?: number;
  maxParallelRequests?: number;
  maxRetries?: number;
  cooldownMs?: number;
  tags?: readonly string[];
  /** Where it computes (`eu`, `us`, `eu-west-1`). */
  region?: string;
  /** What its model can and costs, for calls that ask for it (`route.needs`, `route.maxInputUsdPerMillion`) and for `cost-based-routing`. */
  facts?: ModelFacts;
}

/** A deployment as LiteLLM's `model_list` has it. */
export interface LiteLLMModel {
  model_name: string;
  litellm_params: JsonObject & { model: string };
  model_info?: JsonObject;
}

/** What picks a deployment: the name of a built-in strategy, a function, or an object that is told how calls went. */
export type RoutingStrategy = string | PickFunction<Target> | Strategy<Target>;
export type RoutingCandidate = Candidate<Target>;

type Fallbacks = Readonly<Record<string, readonly (string | FallbackTarget)[]>>;

export interface RouterConfig extends Pick<CallOptions, 'providers' | 'env' | 'fetch' | 'transport' | 'timeoutMs' | 'deadlines'> {
  models: readonly (RouterModel | LiteLLMModel)[];
  /** Other names for names. */
  aliases?: Readonly<Record<string, string>>;
  /** Default: `simple-shuffle` for names with weights, `adaptive` for others. */
  strategy?: RoutingStrategy;
  strategyOptions?: JsonObject;
  /** A strategy for some names. */
  groups?: readonly RoutingGroup<RoutingStrategy>[];
  /** Tries of the same deployment after the first. Default 2. */
  maxRetries?: number;
  retryPolicy?: ByFailureClass;
  groupRetryPolicies?: Readonly<Record<string, ByFailureClass>>;
  /** Names that are asked where one has failed; `*` is for all that have no list. */
  fallbacks?: Fallbacks;
  contextWindowFallbacks?: Fallbacks;
  contentPolicyFallbacks?: Fallbacks;
  /** Default 5. */
  maxFallbacks?: number;
  breaker?: BreakerSettings;
  /** A second deployment is asked where the first is slow. */
  hedging?: HedgeSettings;
  /**
   * A stream that breaks off after its output has begun goes on at another deployment, from the text so far. Its events are
   * then written anew, and not passed on as they came.
   */
  midStreamFallback?: boolean;
  queue?: QueueSettings;
  /** `rpm`, `tpm`, `itpm` and `otpm` are limits, and do not only steer. */
  enforceLimits?: boolean;
  /** How a call's tags choose among models that have any. Default: one of them is enough. `false`: they choose nothing. */
  tagFiltering?: TagOptions | false;
  /** What is known to be unable to serve a call is never asked, and not only asked last. */
  preCallChecks?: boolean;
  /** Of one's own, after those for tags, regions, prices and what models can. */
  filters?: readonly Filter<Target>[];
  affinities?: readonly Affinity<Target>[];
}

/**
 * Several deployments behind each name: picks one for each call, tries another one where it fails, and falls back to
 * other names. Its methods are the functions of the package with `router` set; any of these takes it as an option.
 * @throws SluiceError `invalid_request` for models without a name, and for options that do not exist
 */
export class Router {
  readonly config: RouterConfig;

  constructor(config: RouterConfig) {
    checkRouterConfig(config);
    this.config = config;
  }

  readonly completion = this.#bound(completion);
  readonly textCompletion = this.#bound(textCompletion);
  readonly responses = this.#bound(responses);
  readonly messages = this.#bound(messages);
  readonly generateContent = this.#bound(generateContent);
  readonly embedding = this.#bound(embedding);
  readonly rerank = this.#bound(rerank);
  readonly imageGeneration = this.#bound(imageGeneration);
  readonly imageEdit = this.#bound(imageEdit);
  readonly speech = this.#bound(speech);
  readonly transcription = this.#bound(transcription);
  readonly translation = this.#bound(translation);
  readonly moderation = this.#bound(moderation);
  readonly ocr = this.#bound(ocr);

  /** The same function, with its overloads, for this router. */
  #bound<F extends (request: never) => Promise<unknown>>(call: F): F {
    return ((request: object) => call({ ...request, router: this } as never)) as unknown as F;
  }
}

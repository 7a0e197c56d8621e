import { systemClock, type Clock } from '../../lib/clock.ts';
import { Canceller } from '../../transport/canceller.ts';
import { SluiceError, type CancelSignal, type ErrorCode } from '../../types/index.ts';

/** What requests are to be like for a model name to answer them. */
export interface SemanticRoute {
  /** The model name. */
  readonly name: string;
  readonly utterances: readonly string[];
  /** Least likeness. Default 0.3. */
  readonly scoreThreshold?: number;
}

/** Vectors of texts, one each, in their order. May fail in any way. */
export type EmbedTexts = (texts: readonly string[], signal: CancelSignal) => Promise<readonly ArrayLike<number>[]>;

export interface SemanticOptions {
  readonly routes: readonly SemanticRoute[];
  readonly defaultModel: string;
  /** How long a request waits for its vector before it goes to the default model, in milliseconds. Default 5000. */
  readonly timeoutMs?: number;
  readonly clock?: Clock;
}

export interface SemanticChoice {
  readonly model: string;
  /** The likeness to the route that was nearest; absent where nothing was compared. */
  readonly score?: number;
  /** The nearest route, also where it was not near enough. */
  readonly nearest?: string;
  /** Absent: a route was near enough. */
  readonly why?: 'nothing to compare' | 'below the threshold' | 'no vectors';
}

export interface SemanticRouter {
  /** Never rejects, but for the signal's own reason. */
  choose(text: string, embed: EmbedTexts, signal: CancelSignal): Promise<SemanticChoice>;
}

/** As LiteLLM's encoder has it (`litellm_encoder.py`, read 2026-11-22). */
const defaultThreshold = 0.3;
/** The mean is over so many of all utterances (semantic-router, `routers/base.py`: `top_k=5`, mean, read 2026-11-22). */
const nearestCount = 5;
/** Embedding models take at least some 2000 tokens; the beginning and the end of a longer text say what it is about. */
const maxChars = 6000;
/** What the strictest known provider takes in one request (Cohere: 96 texts). */
const batchSize = 96;
const maxRemembered = 500;
/** After a failure nobody waits for vectors so long: an outage of the embedding model must not slow each request. */
const restMs = 10_000;

interface Utterance {
  readonly route: number;
  readonly vector: Float32Array;
}

/**
 * Routes by likeness: the request's vector against those of the routes' utterances, by cosine. The utterances' vectors
 * are asked for once, when the first request comes. Where there is no vector in time, the default model answers.
 */
export const createSemanticRouter = ({ routes, defaultModel, timeoutMs = 5000, clock = systemClock }: SemanticOptions): SemanticRouter => {
  const texts = routes.flatMap(({ utterances }, route) => utterances.map((text) => ({ route, text })));
  let known: Promise<readonly Utterance[]> | undefined;
  /** The embedding model has answered: what it refuses later may be one text's own fault. */
  let hasAnswered = false;
  let restsUntil = 0;
  /** Text -> what was chosen, the latest last. */
  const remembered = new Map<string, SemanticChoice>();

  const utterancesOf = (embed: EmbedTexts): Promise<readonly Utterance[]> => {
    // All requests of the beginning wait for one call, which is none of theirs: it goes on when one of them is dropped.
    known ??= vectorsOf(
      texts.map(({ text }) => text),
      embed,
      new Canceller(),
    ).then(
      (vectors) => {
        hasAnswered = true;
        return vectors.map((vector, at) => ({ route: texts[at]!.route, vector }));
      },
      (cause: unknown) => {
        known = undefined;
        throw cause;
      },
    );
    return known;
  };

  const compare = (vector: Float32Array, utterances: readonly Utterance[]): SemanticChoice => {
    const scored = utterances.map(({ route, vector: other }) => ({ route, score: dot(vector, other) }));
    const byRoute = new Map<number, number[]>();
    for (const { route, score } of scored.toSorted((a, b) => b.score - a.score).slice(0, nearestCount)) {
      const scores = byRoute.get(route);
      if (scores) scores.push(score);
      else byRoute.set(route, [score]);
    }
    let best: { route: SemanticRoute; score: number } | undefined;
    for (const [route, scores] of byRoute) {
      const score = scores.reduce((sum, each) => sum + each, 0) / scores.length;
      if (!best || score > best.score) best = { route: routes[route]!, score };
    }
    if (!best) return { model: defaultModel, why: 'nothing to compare' };
    const { name, scoreThreshold = defaultThreshold } = best.route;
    const near = best.score >= scoreThreshold;
    return { model: near ? name : defaultModel, score: best.score, nearest: name, ...(!near && { why: 'below the threshold' }) };
  };

  return {
    async choose(text, embed, signal) {
      const asked = shortened(text.trim());
      if (asked === '' || texts.length === 0) return { model: defaultModel, why: 'nothing to compare' };
      const before = remembered.get(asked);
      if (before) {
        remembered.delete(asked);
        remembered.set(asked, before);
        return before;
      }
      if (clock.now() < restsUntil) return { model: defaultModel, why: 'no vectors' };
      try {
        const vectors = Promise.all([
          vectorsOf([asked], embed, signal).catch((cause: unknown) => Promise.reject(new OfText(cause))),
          utterancesOf(embed),
        ]);
        const [[vector], utterances] = await withinTime(vectors, timeoutMs, clock, signal);
        const choice = compare(vector!, utterances);
        if (remembered.size >= maxRemembered) remembered.delete(remembered.keys().next().value!);
        remembered.set(asked, choice);
        return choice;
      } catch (caught) {
        if (signal.aborted) throw signal.reason;
        const cause = caught instanceof OfText ? caught.cause : caught;
        // A text that the model does not take must not keep others from being compared.
        if (caught instanceof OfText && hasAnswered && SluiceError.is(cause) && ofRequest.has(cause.code))
          return { model: defaultModel, why: 'no vectors' };
        // Perhaps another model answers to the name by now, whose vectors are others.
        if (SluiceError.is(cause) && cause.code === 'invalid_response') known = undefined;
        // What this call may not ask (a model of another region), others may.
        if (!SluiceError.is(cause) || cause.code !== 'invalid_request' || cause.upstream) restsUntil = clock.now() + restMs;
        return { model: defaultModel, why: 'no vectors' };
      }
    },
  };
};

/** A failure to get the vector of a request's own text. */
class OfText extends Error {
  constructor(cause: unknown) {
    super('', { cause });
  }
}

const ofRequest: ReadonlySet<ErrorCode> = new Set([
  'invalid_request',
  'unsupported_parameter',
  'unprocessable',
  'context_window_exceeded',
  'content_policy_violation',
]);

const shortened = (text: string): string =>
  text.length <= maxChars ? text : `${text.slice(0, maxChars / 2)}\n${text.slice(-maxChars / 2)}`;

const vectorsOf = async (texts: readonly string[], embed: EmbedTexts, signal: CancelSignal): Promise<Float32Array[]> => {
  const vectors: Float32Array[] = [];
  for (let at = 0; at < texts.length; at += batchSize) {
    const batch = texts.slice(at, at + batchSize);
    const got = await embed(batch, signal);
    if (got.length !== batch.length)
      throw new SluiceError('invalid_response', `The embedding model gave ${got.length} vectors for ${batch.length} texts.`);
    for (const one of got) vectors.push(unit(one));
  }
  return vectors;
};

/** Of length 1, so that a product of two is their cosine. */
const unit = (vector: ArrayLike<number>): Float32Array => {
  const made = Float32Array.from(vector);
  const length = Math.sqrt(dot(made, made));
  return length > 0 ? made.map((each) => each / length) : made;
};

/** @throws SluiceError for vectors of different models */
const dot = (a: Float32Array, b: Float32Array): number => {
  if (a.length !== b.length) throw new SluiceError('invalid_response', 'The embedding model gave vectors of different lengths.');
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
};

/** @throws SluiceError `timeout`, or the signal's reason */
const withinTime = async <T>(promise: Promise<T>, ms: number, clock: Clock, signal: CancelSignal): Promise<T> => {
  const over = new AbortController();
  const abort = () => over.abort(signal.reason);
  signal.addEventListener('abort', abort);
  // Told of its failure also where nobody waits any more.
  promise.catch(() => {});
  const late = clock.sleep(ms, over.signal).then(() => Promise.reject(new SluiceError('timeout', 'The vectors came too late.')));
  try {
    return await Promise.race([promise, late]);
  } finally {
    signal.removeEventListener('abort', abort);
    over.abort();
    late.catch(() => {});
  }
};

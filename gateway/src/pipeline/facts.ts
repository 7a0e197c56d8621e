import { periodAt, withOverride, type ModelFacts, type ModelRow } from 'sluice/kit';
import type { Deployment } from '../config/snapshot.ts';
import type { Prices, PriceSource } from './prices.ts';

/** Prices may hang on the hour of the day; all else changes with the book alone. */
const lifeMs = 60_000;

export interface FactsOptions {
  readonly prices: Pick<Prices, 'rowOf'>;
  readonly source: PriceSource;
  /** The id of a deployment's provider; undefined where it cannot be called as things are. */
  providerOf(deployment: Deployment): string | undefined;
  /** Unix milliseconds. */
  readonly now?: () => number;
}

/**
 * What is known of deployments' models, from the catalog and from what the configuration says over it
 * (`model_info.max_input_tokens`, `supports_vision`, `input_cost_per_token`). An object may be kept: it says what is known
 * when it is asked, since prices and models are loaded after the start, and anew.
 */
export const createFacts =
  ({ prices, source, providerOf, now = Date.now }: FactsOptions) =>
  (deployment: Deployment, model: string): ModelFacts => {
    const look = (): ModelFacts => {
      const at = now();
      const provider = providerOf(deployment) ?? '';
      const row = prices.rowOf(deployment, provider, model, at) ?? saidAlone(deployment, provider, model, at);
      return row ? factsOfRow(row, deployment, at) : {};
    };
    return new LiveFacts(source, look, now);
  };

/** A model that nobody knows, of which the configuration says something. */
const saidAlone = (deployment: Deployment, provider: string, model: string, at: number): ModelRow | undefined => {
  const fields = { ...deployment.modelInfo, ...deployment.prices };
  return Object.keys(fields).length === 0
    ? undefined
    : withOverride(undefined, { provider, id: model, fields, at, source: 'the configuration' });
};

const factsOfRow = (row: ModelRow, { modelInfo }: Deployment, at: number): ModelFacts => {
  const { maxInputTokens, maxOutputTokens, contextWindow, abilities, lacks, prices } = row;
  const rates = periodAt(prices, at)?.rates;
  // Who says how much goes in means more than what is known of the model.
  const window = typeof modelInfo['max_input_tokens'] === 'number' ? undefined : contextWindow;
  return {
    ...(maxInputTokens !== undefined && { maxInputTokens }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(window !== undefined && { contextWindow: window }),
    ...(abilities.length > 0 && { abilities: new Set<string>(abilities) }),
    ...(lacks.length > 0 && { lacks: new Set<string>(lacks) }),
    ...(rates?.inputTokens !== undefined && { inputUsdPerToken: rates.inputTokens / 1e12 }),
    ...(rates?.outputTokens !== undefined && { outputUsdPerToken: rates.outputTokens / 1e12 }),
  };
};

class LiveFacts implements ModelFacts {
  readonly #source: PriceSource;
  readonly #look: () => ModelFacts;
  readonly #now: () => number;
  #known: ModelFacts = {};
  #until = -Infinity;
  #of: PriceSource['book'];

  constructor(source: PriceSource, look: () => ModelFacts, now: () => number) {
    this.#source = source;
    this.#look = look;
    this.#now = now;
  }

  get maxInputTokens(): number | undefined {
    return this.#facts.maxInputTokens;
  }
  get maxOutputTokens(): number | undefined {
    return this.#facts.maxOutputTokens;
  }
  get contextWindow(): number | undefined {
    return this.#facts.contextWindow;
  }
  get abilities(): ReadonlySet<string> | undefined {
    return this.#facts.abilities;
  }
  get lacks(): ReadonlySet<string> | undefined {
    return this.#facts.lacks;
  }
  get inputUsdPerToken(): number | undefined {
    return this.#facts.inputUsdPerToken;
  }
  get outputUsdPerToken(): number | undefined {
    return this.#facts.outputUsdPerToken;
  }

  get #facts(): ModelFacts {
    const now = this.#now();
    if (this.#of !== this.#source.book || now >= this.#until) {
      this.#of = this.#source.book;
      this.#until = now + lifeMs;
      this.#known = this.#look();
    }
    return this.#known;
  }
}

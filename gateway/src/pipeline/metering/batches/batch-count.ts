import { isObject, type JsonObject } from 'sluice/kit';
import type { Deployment } from '../../../config/snapshot.ts';
import type { BatchWorst } from '../../governance/worst-case.ts';
import { worstInBatch } from '../../governance/worst-in-batch.ts';
import type { Live } from '../../live.ts';

/**
 * How much a batch is before it is made: its requests, the tokens of their prompts, and the most that they may cost together at
 * the prices of batches. How long answers will be counts for money alone: rates are held to what goes in, as LiteLLM does
 * (BerriAI/litellm, litellm/proxy/hooks/batch_rate_limiter.py, read 2026-11-22).
 */
export class BatchCount {
  #requests = 0;
  #inputTokens = 0;
  #nanodollars = 0;
  #isFree = true;
  #unpriced: string | undefined;
  readonly #live: Live;
  readonly #deployment: Deployment;
  readonly #at: number;

  /** @param deployment where it is to be made @param at Unix milliseconds */
  constructor(live: Live, deployment: Deployment, at: number) {
    this.#live = live;
    this.#deployment = deployment;
    this.#at = at;
  }

  /** A line of a file: `{ "custom_id", "method", "url", "body" }`. What is none is a request all the same. */
  addLine({ url, body }: JsonObject, characters: number): void {
    this.add(typeof url === 'string' ? url : '', isObject(body) ? body : {}, characters);
  }

  /** @param body with the upstream's name of its model @param characters of its text; 0: not known */
  add(url: string, body: JsonObject, characters: number): void {
    const model = typeof body['model'] === 'string' ? body['model'] : this.#deployment.model;
    const worst = worstInBatch(this.#live, this.#deployment, model, { url, body, length: characters }, this.#at);
    this.#requests++;
    this.#inputTokens += worst.inputTokens;
    this.#nanodollars += worst.nanodollars;
    this.#isFree &&= worst.isFree;
    if (worst.isUnpriced) this.#unpriced ??= model;
  }

  get worst(): BatchWorst {
    return {
      requests: Math.max(1, this.#requests),
      inputTokens: this.#inputTokens,
      outputTokens: 0,
      costNanodollars: Math.min(Number.MAX_SAFE_INTEGER, this.#nanodollars),
      isFree: this.#requests > 0 && this.#isFree,
      unpriced: this.#unpriced,
    };
  }
}

import type { Limit, Remaining } from '../../limits/index.ts';

interface Heard {
  readonly used: number;
  /** Unix milliseconds. */
  readonly at: number;
}

/** Of two metrics each; configurations have fewer models. */
const maxLimits = 4000;

/**
 * What of models is in use by all gateways together, as the shared store said with the last call of each: asking it once more
 * would cost each call a way there and back. What is older than `saturation_check_cache_ttl` is not known any more.
 */
export class HeardUse {
  readonly #heard = new Map<string, Heard>();

  /** How a call's limits stand, with the call. */
  hear(remaining: readonly Pick<Remaining, 'limit' | 'used'>[], now: number): void {
    for (const { limit, used } of remaining) {
      if (!limit.subject.startsWith('model:')) continue;
      const key = keyOf(limit);
      this.#heard.delete(key);
      this.#heard.set(key, { used, at: now });
      if (this.#heard.size > maxLimits) this.#heard.delete(this.#heard.keys().next().value!);
    }
  }

  /** Used and reserved; 0 where nobody has said lately. */
  usedOf(limit: Limit, now: number, ttlMs: number): number {
    const heard = this.#heard.get(keyOf(limit));
    return heard && now - heard.at <= ttlMs ? heard.used : 0;
  }
}

const keyOf = ({ subject, metric }: Limit): string => `${metric} ${subject}`;

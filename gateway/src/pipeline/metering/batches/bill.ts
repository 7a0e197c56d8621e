import { addUsage, totalInputTokens, totalOutputTokens, usageInAnswer, type CallFacts, type JsonObject, type Usage } from 'sluice/kit';
import type { Deployment } from '../../../config/snapshot.ts';
import type { PriceLine } from '../../../spend/event.ts';
import type { Live } from '../../live.ts';
import { soundUsage } from '../../sound-usage.ts';

/** What the answers of a job cost together, each at the price of its own length. */
export class Bill {
  usage: Usage | undefined;
  answers = 0;
  /** Of these, those whose cost is not known; the others are in `nanodollars` all the same. */
  unknownAnswers = 0;
  /** What they used, where they say it. */
  unknownTokens = 0;
  readonly #live: Live;
  readonly #deployment: Deployment;
  readonly #of: { readonly model: string; readonly batch: boolean; readonly at: number };
  readonly #lines = new Map<string, { what: string; count: number; unit: number }>();
  readonly #sources = new Set<string>();

  /** @param of what it is of: the upstream's name of the model where answers say none, whether batches' prices hold, and since when (Unix milliseconds) */
  constructor(live: Live, deployment: Deployment, of: { model: string; batch: boolean; at: number }) {
    this.#live = live;
    this.#deployment = deployment;
    this.#of = of;
  }

  add(answer: JsonObject): void {
    const said = usageInAnswer(answer);
    this.answers++;
    if (!said) {
      this.unknownAnswers++;
      return;
    }
    const usage = soundUsage(said);
    const { raw: _raw, ...counts } = usage;
    this.usage = soundUsage(addUsage(this.usage, counts));
    const { cost } = this.#live.prices.costOf(this.#deployment, this.#factsOf(usage), this.#of.at);
    if (!cost.known) {
      this.unknownAnswers++;
      this.unknownTokens += totalInputTokens(usage) + totalOutputTokens(usage);
      return;
    }
    this.#sources.add(cost.source);
    for (const { what, count, unitPicodollars: unit } of cost.lines) {
      const key = `${what} ${unit}`;
      const line = this.#lines.get(key);
      if (line) line.count += count;
      else this.#lines.set(key, { what, count, unit });
    }
  }

  /**
   * A model was trained. The price list has no prices of training, so its cost is not known; what it is billed by is
   * `trained_tokens`, which is null until it is over (openai/openai-python, src/openai/types/fine_tuning/fine_tuning_job.py, read
   * 2026-11-22). A job that failed before anything was trained cost nothing.
   */
  addTraining({ status, trained_tokens: trained }: JsonObject): void {
    const usage = soundUsage({ inputTokens: typeof trained === 'number' ? trained : 0, outputTokens: 0 });
    if (usage.inputTokens === 0 && status === 'failed') return;
    if (usage.inputTokens > 0) this.usage = usage;
    this.unknownAnswers++;
    this.unknownTokens += usage.inputTokens;
  }

  get lines(): readonly PriceLine[] {
    return [...this.#lines.values()].map(({ what, count, unit }) => [what, count, unit]);
  }

  get source(): string {
    return [...this.#sources].join('; ');
  }

  /** By the prices alone: rounded once. */
  get nanodollars(): number {
    let picodollars = 0;
    for (const { count, unit } of this.#lines.values()) picodollars += Math.round(count * unit);
    return Math.min(Number.MAX_SAFE_INTEGER, Math.floor((picodollars + 500) / 1000));
  }

  /** An answer may be of another version of the model; what it costs is what was asked for. */
  #factsOf(usage: Usage): CallFacts {
    const { model, batch, at } = this.#of;
    return {
      provider: this.#live.providerOf(this.#deployment) ?? '',
      model,
      protocol: 'openai-resources',
      same: true,
      host: '',
      status: 200,
      headers: noHeaders,
      dropped: [],
      usage,
      batch,
      sentAt: at,
      headersAt: at,
    };
  }
}

const noHeaders = new Headers();

import type { Redis } from '../../storage/redis/index.ts';
import { checkAmount } from '../amounts.ts';
import type { Subject } from '../types.ts';
import { budgetName, countsOf, tagOf } from './cell.ts';
import type { Outbox } from './outbox.ts';
import { forgetScript, spendScript } from './spend-scripts.ts';
import type { Views } from './views.ts';

export interface SpendTellerOptions {
  readonly redis: Redis;
  readonly outbox: Outbox;
  readonly views: Views;
}

/** Tells Redis what others than calls say of spend: an admin who sets it, the database that has more. */
export class SpendTeller {
  readonly #options: SpendTellerOptions;

  constructor(options: SpendTellerOptions) {
    this.#options = options;
  }

  set(subject: Subject, start: number | undefined, nanodollars: number): void {
    checkAmount('nanodollars', nanodollars);
    const name = budgetName(subject, 'cost', start);
    const view = this.#options.views.peek(name);
    if (view) {
      view.used += nanodollars - view.charged;
      view.charged = nanodollars;
      view.untold = 0;
    }
    this.#tell('set', subject, name, nanodollars);
  }

  raise(subject: Subject, start: number | undefined, nanodollars: number): void {
    checkAmount('nanodollars', nanodollars);
    const name = budgetName(subject, 'cost', start);
    const view = this.#options.views.peek(name);
    // What nobody asked about here is looked up when somebody does.
    if (!view || nanodollars <= view.charged) return;
    view.charged = nanodollars;
    view.used = Math.max(view.used, nanodollars);
    // It is in what the database has, or waits here to be.
    view.untold = 0;
    // The next call of this budget changes what the database has, and then it is told.
    if (this.#options.outbox.isCrowded) return;
    this.#tell('raise', subject, name, nanodollars);
  }

  forget(subject: Subject): void {
    const { outbox, views } = this.#options;
    views.delete(subject);
    const tag = tagOf(subject);
    outbox.send(`forget ${subject}`, {
      script: forgetScript,
      keys: [`${tag}all`],
      args: [countsOf(subject), `${tag}${subject}/`],
      forMs: Infinity,
      onEnd: () => {},
    });
  }

  #tell(how: 'set' | 'raise', subject: Subject, name: string, nanodollars: number): void {
    const { outbox, views } = this.#options;
    outbox.send(`${how} ${name}`, {
      script: spendScript,
      keys: [name],
      args: [String(nanodollars), how],
      forMs: Infinity,
      onEnd(reply) {
        const [charged, reserved] = Array.isArray(reply) ? (reply as readonly number[]) : [];
        if (charged !== undefined && views.peek(name)) views.heard(subject, name, charged, charged + reserved!);
      },
    });
  }
}

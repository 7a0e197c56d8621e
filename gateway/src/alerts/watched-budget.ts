import type { AlertFacts, EventGroup } from './event.ts';

/** A budget and its counter, as they are now. */
export interface WatchedBudget {
  /** Its counter: `key:ab12…`, `team:t`, `key:ab12…/model:gpt-4o`. */
  readonly subject: string;
  readonly group: EventGroup;
  /** As people know it: `key "ci"`. */
  readonly label: string;
  readonly maxNanodollars: number;
  /** Told, and not enforced. */
  readonly soft: boolean;
  /** The running one, in Unix milliseconds. Absent: it never resets. */
  readonly period?: { readonly start: number; readonly end: number } | undefined;
  readonly facts: AlertFacts;
  /** Shares spent at which people get a mail, and who else than usual. Absent: at the usual one, nobody else. */
  readonly emailsAt?: readonly { readonly share: number; readonly emails: readonly string[] }[] | undefined;
}

/** What alerts know of the gateway: handed in, since records, limits and spend are neighbours. */
export interface AlertWorld {
  /** The budgets of subjects (`key:…`, `team:…`), those of their models too. Those that are gone have none. */
  budgetsOf(subjects: readonly string[], now: number): Promise<readonly WatchedBudget[]>;
  /** Who is told by e-mail of a budget, beside those who are told of all. */
  emailsOf(budget: WatchedBudget): Promise<readonly string[]>;
  /** As people know them, of those that have another name than their id. */
  labelsOf(subjects: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** The period of spend reports that a moment lies in, in UTC. */
  reportPeriod(duration: string, now: number): { readonly start: number; readonly end: number };
}

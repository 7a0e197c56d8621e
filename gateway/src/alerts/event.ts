import type { AlertType } from '../config/alert-types.ts';

/** What an alert says has happened. The first six are LiteLLM's, the others are named as their kinds of alerts. */
export type AlertEventName =
  | 'budget_crossed'
  | 'soft_budget_crossed'
  | 'threshold_crossed'
  | 'max_budget_alert'
  | 'projected_limit_exceeded'
  | 'key_created'
  | 'key_rotated'
  | 'internal_user_created'
  | 'spend_report'
  | 'test'
  | AlertType;

/** Whom an alert is about, in LiteLLM's words (`WebhookEvent`). Keys are told by their hash. */
export interface AlertFacts {
  readonly token?: string | null;
  readonly key_alias?: string | null;
  readonly user_id?: string | null;
  readonly user_email?: string | null;
  readonly team_id?: string | null;
  readonly team_alias?: string | null;
  readonly organization_id?: string | null;
  readonly customer_id?: string | null;
}

/** LiteLLM's kinds of who an alert is about, and `provider`. */
export type EventGroup =
  | 'key'
  | 'user'
  | 'end_user'
  | 'team'
  | 'team_member'
  | 'organization'
  | 'organization_member'
  | 'project'
  | 'tag'
  | 'provider'
  | 'proxy';

/**
 * What the `webhook` channel sends: LiteLLM's `WebhookEvent` (github.com/BerriAI/litellm, litellm/proxy/_types.py, read
 * 2026-11-22), and a few members more. Money is US dollars.
 */
export interface AlertEvent extends AlertFacts {
  readonly event: AlertEventName;
  readonly event_group: EventGroup;
  /** For people: one line, for reports several. */
  readonly event_message: string;
  readonly spend: number;
  readonly max_budget?: number | null;
  readonly soft_budget?: number | null;
  /** `2026-11-30` */
  readonly projected_exceeded_date?: string | null;
  readonly projected_spend?: number | null;
  readonly alert_emails?: readonly string[] | null;
  /** Share of the budget that is left, of a threshold. */
  readonly threshold_left?: number | null;
  /** The counter: `key:ab12…`. */
  readonly subject: string;
  /** ISO 8601; null: since ever. */
  readonly period_start?: string | null;
  readonly period_end?: string | null;
}

/** Something to tell, and what makes it the same as another one. */
export interface AlertDraft {
  readonly type: AlertType;
  readonly subject: string;
  /** Share left, in ten-thousandths; 0: none. */
  readonly threshold: number;
  /** Unix milliseconds; 0: since ever. */
  readonly periodStart: number;
  /** Undefined: it never ends. */
  readonly periodEnd: number | undefined;
  readonly limitNanodollars: number;
  readonly spentNanodollars: number;
  readonly event: AlertEvent;
  /** Who is told of it by e-mail, beside those whom it is about. */
  readonly emails?: readonly string[] | undefined;
}

const nanoPerUsd = 1_000_000_000;

export const usdOf = (nanodollars: number): number => nanodollars / nanoPerUsd;

/** `$12.30`; smaller ones with as many digits as say something. */
export const dollars = (nanodollars: number): string => {
  const usd = usdOf(nanodollars);
  return usd === 0 || Math.abs(usd) >= 1 ? `$${usd.toFixed(2)}` : `$${Number(usd.toPrecision(3))}`;
};

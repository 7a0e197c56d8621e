import { Secret } from 'sluice/kit';
import { alertSettings, type AlertSettings } from '../config/alert-settings.ts';
import { sql, type Database } from '../storage/sql/index.ts';
import { createAlerts, type Alerts } from './alerts.ts';
import type { AlertWorld, WatchedBudget } from './watched-budget.ts';

export const usd = 1_000_000_000;
export const minuteMs = 60_000;
export const dayMs = 24 * 60 * minuteMs;
/** Noon of a Wednesday. */
export const noon = Date.UTC(2026, 10, 18, 12);

/** Gateways on one database, with a clock, budgets and a webhook of the test's own. */
export interface TestWorld {
  readonly database: Database;
  now: number;
  settings: AlertSettings;
  env: Record<string, string>;
  budgets: WatchedBudget[];
  emails: string[];
  /** What the webhook got. */
  readonly received: Received[];
  /** What it answers; a number is a status, a promise waits. */
  answer: () => number | Promise<number>;
  readonly logged: { message: string; fields: unknown }[];
  /** Subjects whose budgets were asked for, by look. */
  readonly looked: (readonly string[])[];
  gateway(): Alerts;
  /** A counter says so much now. */
  spend(subject: string, dollars: number, periodStart?: number): Promise<void>;
  stop(): Promise<void>;
}

interface Received {
  readonly path: string;
  readonly headers: Headers;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read what they expect, and fail where it is not there
  readonly json: any;
}

export const settingsOf = (more: Partial<AlertSettings> = {}): AlertSettings => ({
  ...alertSettings(undefined, undefined),
  enabled: true,
  channels: ['webhook'],
  ...more,
});

export const startWorld = (database: Database): TestWorld => {
  const received: Received[] = [];
  const logged: TestWorld['logged'] = [];
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: async (request) => {
      const text = await request.text();
      received.push({ path: new URL(request.url).pathname, headers: request.headers, text, json: JSON.parse(text) });
      return new Response('an answer that may hold anything', { status: await world.answer() });
    },
  });
  const log = (message: string, fields?: unknown) => void logged.push({ message, fields });
  const of: AlertWorld = {
    async budgetsOf(subjects) {
      world.looked.push(subjects);
      return world.budgets.filter(({ subject }) => subjects.includes(subject));
    },
    emailsOf: async () => world.emails,
    labelsOf: async (subjects) => new Map(subjects.map((subject) => [subject, `the ${subject}`])),
    reportPeriod: (_, at) => ({ start: Math.floor(at / dayMs) * dayMs, end: (Math.floor(at / dayMs) + 1) * dayMs }),
  };
  const open: Alerts[] = [];
  const world: TestWorld = {
    database,
    now: noon,
    settings: settingsOf(),
    env: { WEBHOOK_URL: `http://127.0.0.1:${server.port}/hook?key=canary-of-url` },
    budgets: [],
    emails: [],
    received,
    answer: () => 200,
    logged,
    looked: [],
    gateway() {
      const alerts = createAlerts({
        database,
        settings: () => world.settings,
        env: (name) => world.env[name],
        world: of,
        log: { info: log, warn: log },
        now: () => world.now,
        random: () => 0.5,
        sleep: async () => {},
      });
      open.push(alerts);
      return alerts;
    },
    async spend(subject, dollars, periodStart = 0) {
      const nanodollars = Math.round(dollars * usd);
      await database.run(
        sql`insert into spend_totals (subject, period_start, nanodollars, updated_at) values (${subject}, ${periodStart}, ${nanodollars}, ${world.now})
            on conflict (subject, period_start) do update set nanodollars = ${nanodollars}, updated_at = ${world.now}`,
      );
    },
    async stop() {
      await Promise.all(open.map((each) => each.stop()));
      await server.stop(true);
    },
  };
  return world;
};

export const budgetOf = (subject: string, dollars: number, more: Partial<WatchedBudget> = {}): WatchedBudget => ({
  subject,
  group: 'key',
  label: `key "${subject}"`,
  maxNanodollars: Math.round(dollars * usd),
  soft: false,
  facts: { token: subject.slice(4), key_alias: 'ci' },
  ...more,
});

export const secretOf = (text: string): Secret => new Secret(text);

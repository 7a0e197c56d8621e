import type { AlertSettings } from '../config/alert-settings.ts';
import type { AlertingChannel } from '../config/alert-types.ts';
import type { Database } from '../storage/sql/database.ts';
import { openChannels, type Channels } from './channels/open-channels.ts';
import type { Reach } from './channels/channel.ts';
import { deliverDue, reasonOf } from './deliver.ts';
import { forgetOld, lookAtChanges, type LookOptions } from './look.ts';
import { Refusals } from './refusals.ts';
import { dropLease, holdLease } from './state.ts';
import { tellDirectly, type Trouble } from './tell-directly.ts';
import { watchBudgets } from './watch-budgets.ts';
import type { AlertWorld } from './watched-budget.ts';

export interface AlertsOptions {
  readonly database: Database;
  /** As the configuration is now. */
  readonly settings: () => AlertSettings;
  /** Reads a variable of the environment, the file's own first. */
  readonly env: (name: string) => string | undefined;
  readonly world: AlertWorld;
  readonly log: AlertLog;
  /** Unix milliseconds. */
  readonly now?: () => number;
  readonly random?: () => number;
  readonly reach?: Reach;
  readonly sleep?: (ms: number) => Promise<void>;
}

export interface AlertLog {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** How a test of a channel went. */
export interface ChannelTest {
  readonly sent: number;
  /** Why not, place by place. Empty: all arrived. */
  readonly failures: readonly string[];
}

/** Tells people of budgets, reports and trouble. Nothing here is in the way of a call. */
export interface Alerts {
  /** Begins to look, again and again. */
  start(): void;
  /** One look, now: what the timer does. @throws SluiceError `unavailable` */
  look(): Promise<void>;
  /** A call was refused over a budget. Cheap: it is looked at later. @param periodStart Unix milliseconds; 0: it never resets */
  refused(subject: string, periodStart: number): void;
  /** The gateway itself has trouble: told at once, without the database, at most once an hour for each kind. */
  trouble(type: Trouble, text: string): Promise<void>;
  /** Sends a test to the usual places of a channel. */
  test(channel: AlertingChannel): Promise<ChannelTest>;
  /** What a channel that the configuration names lacks. */
  lacks(): ReadonlyMap<AlertingChannel, string>;
  stop(): Promise<void>;
}

const lease = 'lookout';
const leaseMs = 30_000;
const forgetEveryMs = 3_600_000;
const troubleEveryMs = 3_600_000;
/** So long looks fail before that is trouble of its own. */
const awayMs = 60_000;
const testMs = 10_000;
/** LiteLLM's `EMAIL_BUDGET_ALERT_MAX_SPEND_ALERT_PERCENTAGE`, where it is not set (docs.litellm.ai/docs/proxy/email, read 2026-11-22). */
const usualEmailShare = 0.8;

export const createAlerts = (options: AlertsOptions): Alerts => {
  const { database, settings, env, world, log, now = Date.now, random = Math.random } = options;
  const { reach = fetch, sleep = (ms: number) => Bun.sleep(ms) } = options;
  const owner = crypto.randomUUID();
  const ending = new AbortController();
  const refusals = new Refusals(now);
  const toldAt = new Map<Trouble, number>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let looking: Promise<void> | undefined;
  let forgotAt = 0;
  let failingSince: number | undefined;

  const open = (): Channels => openChannels({ settings: settings(), env, reach, now });

  const optionsFor = (channels: Channels): LookOptions => {
    const wanted = settings();
    return {
      database,
      world,
      settings: wanted,
      channels,
      rules: {
        thresholdsLeft: wanted.thresholdsLeft,
        emailAtShareSpent: wanted.emailAtShareSpent ?? shareOf(env('EMAIL_BUDGET_ALERT_MAX_SPEND_ALERT_PERCENTAGE')) ?? usualEmailShare,
        forecast: wanted.forecast,
      },
      softRepeatMs: wanted.softRepeatMs,
      destinationsOf: ({ type, event }, emails) => channels.destinationsOf(type, event.event, emails),
      onAlert({ type, event }) {
        if (wanted.log) log.info('alert', { type, event: event.event, subject: event.subject, message: event.event_message });
      },
      now,
      goOn: async () => !ending.signal.aborted && (await holdLease(database, { name: lease, owner, now: now(), forMs: leaseMs })),
    };
  };

  const lookOnce = async (): Promise<void> => {
    if (!settings().enabled) return;
    const channels = open();
    const all = optionsFor(channels);
    // What this gateway alone knows; the others write the same only once.
    await refusals.handle((subjects, counters) => watchBudgets(subjects, counters, all));
    if (await all.goOn()) {
      await lookAtChanges(all);
      if (now() - forgotAt >= forgetEveryMs) {
        await forgetOld(all);
        forgotAt = now();
      }
    }
    await deliverDue({
      database,
      channels,
      now,
      random,
      signal: ending.signal,
      onGivenUp: ({ channel, event }, error) =>
        log.warn('an alert was not delivered within a day, and is given up', { channel, event: event.event, error }),
    });
  };

  const trouble: Alerts['trouble'] = async (type, text) => {
    const { enabled, types } = settings();
    const before = toldAt.get(type);
    if (!enabled || !types.includes(type) || (before !== undefined && now() - before < troubleEveryMs)) return;
    toldAt.set(type, now());
    const failures = await tellDirectly(type, text, { channels: open(), signal: ending.signal, sleep });
    for (const failure of failures) log.warn('an alert of trouble was not delivered', { type, error: failure });
  };

  const look = (): Promise<void> =>
    (looking ??= lookOnce()
      .then(
        () => void (failingSince = undefined),
        async (cause: unknown) => {
          failingSince ??= now();
          if (now() - failingSince >= awayMs) await trouble('db_exceptions', 'The database has not answered this gateway for a minute.');
          throw cause;
        },
      )
      .finally(() => (looking = undefined)));

  const soon = (): void => {
    timer = setTimeout(
      () =>
        void look()
          .catch((cause: unknown) => {
            if (!ending.signal.aborted) log.warn('alerts could not be looked after, and will be later', { error: String(cause) });
          })
          .finally(() => {
            if (!ending.signal.aborted) soon();
          }),
      settings().intervalMs,
    );
    timer.unref();
  };

  return {
    look,
    trouble,
    refused: (subject, periodStart) => refusals.add({ subject, periodStart }),
    start() {
      for (const [channel, lack] of settings().enabled ? open().lacks : [])
        log.warn('alerts cannot be sent there', { channel, lacks: lack });
      if (timer === undefined && !ending.signal.aborted) soon();
    },
    lacks: () => open().lacks,
    async test(channel) {
      const channels = open();
      const lack = channels.lacks.get(channel);
      const extra = env('TEST_EMAIL_ADDRESS');
      const outlets = channels.outletsOf(channel, extra ? [extra] : []);
      if (lack !== undefined) return { sent: 0, failures: [lack] };
      if (outlets.length === 0) return { sent: 0, failures: [nowhere(channel)] };
      const text = 'This is a test of alerts: they arrive here.';
      const event = { event: 'test', event_group: 'proxy', event_message: text, subject: 'gateway', spend: 0 } as const;
      const results = await Promise.all(
        outlets.map((outlet) =>
          outlet.send({ id: crypto.randomUUID(), type: 'test', event }, AbortSignal.timeout(testMs)).then(() => undefined, reasonOf),
        ),
      );
      const failures = results.filter((each) => each !== undefined);
      return { sent: outlets.length - failures.length, failures };
    },
    async stop() {
      ending.abort();
      clearTimeout(timer);
      await looking?.catch(() => {});
      await dropLease(database, lease, owner).catch(() => {});
    },
  };
};

const nowhere = (channel: AlertingChannel): string =>
  channel === 'email'
    ? 'There is nobody to write to: set TEST_EMAIL_ADDRESS, or sluice_settings.alerts.emails.'
    : `general_settings.alerting does not name ${channel}.`;

const shareOf = (text: string | undefined): number | undefined => {
  const share = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  return share > 0 && share < 1 ? share : undefined;
};

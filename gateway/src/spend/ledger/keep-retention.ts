import type { Ledger } from './ledger.ts';
import type { Retained } from './retain.ts';

/** What is kept, as the configuration says it now. */
export interface RetentionSettings {
  readonly keepRows: boolean;
  /** Absent: all. */
  readonly rowsDays?: number | undefined;
  readonly retainEveryMs: number;
  /** A cron expression in the time zone of the process, which wins. */
  readonly retainCron?: string | undefined;
}

export interface KeepRetentionOptions {
  readonly ledger: Pick<Ledger, 'retain'>;
  /** Asked anew each time: the configuration may have changed. */
  readonly settings: () => RetentionSettings;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly logger: {
    info(message: string, fields: Record<string, unknown>): void;
    warn(message: string, fields: Record<string, unknown>): void;
  };
  /** A fake in tests. Default: a timer that keeps no process alive. */
  readonly after?: (milliseconds: number, tick: () => void) => () => void;
}

/** Between two looks at whether it is time. */
const lookMs = 60_000;
/** Where no rows are kept, how long it is known that an event was here. */
const idDays = 2;

/** Drops what is older than is kept, again and again. Several gateways on one database may do so: the second finds nothing. */
export const keepRetention = ({ ledger, settings, now, logger, after = afterTimer }: KeepRetentionOptions): { stop(): void } => {
  // A start is no reason to look: a gateway that is started again and again would do nothing else.
  let last = now();
  let stopped = false;
  let cancel = (): void => {};
  const isDue = (): boolean => {
    const { retainCron, retainEveryMs } = settings();
    if (retainCron === undefined) return now() - last >= retainEveryMs;
    const next = Bun.cron.parse(retainCron, last);
    return next !== null && next.getTime() <= now();
  };
  const look = async (): Promise<void> => {
    if (!isDue()) return;
    last = now();
    const { keepRows, rowsDays } = settings();
    const days = keepRows ? rowsDays : Math.min(rowsDays ?? idDays, idDays);
    try {
      const { days: dropped, counters }: Retained = await ledger.retain({ rowsDays: days });
      if (dropped.length > 0 || counters > 0) logger.info('old spend was dropped', { days: dropped.map(dateOf), counters });
    } catch (cause) {
      logger.warn('old spend could not be dropped, and is tried again the next time', { error: String(cause) });
    }
  };
  const next = (): void => {
    cancel = after(lookMs, () => {
      void look().finally(() => {
        if (!stopped) next();
      });
    });
  };
  next();
  return {
    stop() {
      stopped = true;
      cancel();
    },
  };
};

const afterTimer = (milliseconds: number, tick: () => void): (() => void) => {
  const timer = setTimeout(tick, milliseconds);
  timer.unref();
  return () => clearTimeout(timer);
};

const dateOf = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

import type { z } from 'zod';
import { defined } from './defined.ts';
import { durationMs } from './durations.ts';
import { note, type Findings } from './issues.ts';
import type { Merged } from './merge.ts';
import { holderOf } from './model-names.ts';
import { pathText } from './problem.ts';
import type { generalSettings } from './schema/general-settings.ts';
import { withoutBatches } from './schema/ledger.ts';

/** What is kept of calls, and for how long. */
export interface LedgerSettings {
  /** False: sums and counters alone. */
  readonly keepRows: boolean;
  /** Rows of so many days before today. Absent: all. */
  readonly rowsDays?: number;
  /** Between two looks for older ones. */
  readonly retainEveryMs: number;
  /** When to look, as a cron expression, in the time zone of the process. It wins. */
  readonly retainCron?: string;
}

const dayMs = 86_400_000;

export const ledgerSettings = (general: z.output<typeof generalSettings>): LedgerSettings => {
  const periodMs = durationMs(general?.maximum_spend_logs_retention_period ?? '');
  return defined<LedgerSettings>({
    keepRows: !(general?.disable_spend_logs ?? false),
    // Nothing goes before its time: days are whole.
    rowsDays: periodMs === undefined ? undefined : Math.ceil(periodMs / dayMs),
    retainEveryMs: durationMs(general?.maximum_spend_logs_retention_interval ?? '1d') ?? dayMs,
    retainCron: general?.maximum_spend_logs_cleanup_cron,
  });
};

/** Says which settings change nothing. */
export const noteWithoutBatches = ({ settings, files }: Pick<Merged, 'settings' | 'files'>, findings: Findings): void => {
  for (const member of withoutBatches) {
    if (settings.general_settings?.[member] === undefined) continue;
    const path = ['general_settings', member];
    const source = holderOf(files, path);
    if (source) findings.notes.push(note(source, path, 'other', pathText(path), 'days are dropped as a whole, so that it changes nothing'));
  }
};

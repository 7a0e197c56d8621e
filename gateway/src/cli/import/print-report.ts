import { textTable } from '../text-table.ts';
import type { Reason, Report } from './report.ts';

/** What an import has done, for people: what there is of each kind, and why what is not as it was is so. */
export const printReport = (report: Report, { width, dryRun }: { width?: number | undefined; dryRun: boolean }): string => {
  const counts = [...report.kinds.values()];
  const columns = [
    { title: '' },
    ...['read', dryRun ? 'to import' : 'imported', 'replaced', 'unchanged', 'kept', 'not carried', 'exact'].map((title) => ({
      title,
      right: true,
    })),
  ];
  const rows = counts.map(({ kind, read, imported, replaced, unchanged, kept, skipped, exact }) => [
    kind,
    ...[read, imported, replaced, unchanged, kept, skipped, exact].map(String),
  ]);
  const reasons = [...report.reasons.values()];
  return [
    rows.length === 0 ? 'There was nothing to import.\n' : textTable(columns, rows, width),
    section(
      'Approximate:',
      reasons.filter(({ grade }) => grade === 'approximate'),
    ),
    section(
      'Not carried:',
      reasons.filter(({ grade }) => grade === 'not carried'),
    ),
    counts.some(({ kept }) => kept > 0) ? '\nWhat is kept was here already, and is another one than there: --overwrite replaces it.\n' : '',
  ].join('');
};

const section = (title: string, reasons: readonly Reason[]): string =>
  reasons.length === 0 ? '' : `\n${title}\n${reasons.map((each) => `  ${printable(line(each))}\n`).join('')}`;

const line = ({ kind, what, why, count, ids }: Reason): string => {
  if (kind === 'tables') return `${what}: ${why}`;
  const who = ids.length === 0 ? '' : ` (${ids.map((id) => id.slice(0, 60)).join(', ')}${count > ids.length ? ', …' : ''})`;
  return `${kind}${what === 'all' ? '' : `, ${what}`}: ${why}: ${count}${who}`;
};

/** Other people's texts must not move the cursor. */
const printable = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ');

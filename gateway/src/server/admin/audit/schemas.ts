import { z } from 'zod';
import { auditColumns } from '../../../access/store/audit-log.ts';
import { pageNumber, pageSize, sortOrder } from '../fields.ts';

const dayMs = 86_400_000;
const day = /^\d{4}-\d{2}-\d{2}$/;
/** Without a zone it is UTC; a query has a space for the T, or for the plus of a zone. */
const moment = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+ -]\d{2}:\d{2})?$/;

const momentOf = (text: string): number => {
  if (day.test(text)) return Date.parse(text);
  const parts = moment.exec(text);
  return parts ? Date.parse(`${parts[1]}T${parts[2]}${(parts[3] ?? 'Z').replace(' ', '+')}`) : NaN;
};

const time = (whole: boolean) =>
  z
    .string()
    .refine((text) => Number.isFinite(momentOf(text)), { error: 'must be a day or a moment such as 2026-11-22 or 2026-11-22T08:30:00Z' })
    // The last day is part of it, and so is the last moment.
    .transform((text) => momentOf(text) + (whole ? (day.test(text) ? dayMs : 1) : 0));

/** Nothing is longer, and what is longer finds nothing. */
const wanted = z.string().max(512).optional();

const sortable = ['updated_at', ...auditColumns.filter((name) => name !== 'at')] as const;

export const auditQuery = z.strictObject({
  page: pageNumber,
  page_size: pageSize(10),
  changed_by: wanted,
  changed_by_api_key: wanted,
  action: wanted,
  table_name: wanted,
  object_id: wanted,
  object_team_id: wanted,
  object_key_hash: wanted,
  start_date: time(false).optional(),
  end_date: time(true).optional(),
  sort_by: z.enum(sortable, { error: `must be one of ${sortable.join(', ')}` }).optional(),
  sort_order: sortOrder.default('desc'),
});

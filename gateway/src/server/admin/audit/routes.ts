import { SluiceError } from 'sluice/kit';
import { auditEntry, auditPage } from '../../../access/store/audit-log.ts';
import { adminRoute } from '../admin-route.ts';
import { auditQuery } from './schemas.ts';
import { auditShown } from './shown.ts';

export const listAudit = adminRoute({
  method: 'GET',
  paths: ['/audit'],
  action: 'audit.see',
  query: auditQuery,
  summary: 'Lists who changed what, the newest first, with filters and pages.',
  handle: async ({ store, query }) => {
    const { page, page_size: size, start_date: from, end_date: before, sort_by: by, sort_order, ...equal } = query;
    const { entries, total } = await auditPage(store.database, {
      ...equal,
      from,
      before,
      // In the order of writing, which is that of time but for clocks that differ.
      sortBy: by === 'updated_at' ? 'at' : by,
      descending: sort_order === 'desc',
      page,
      size,
    });
    return { audit_logs: entries.map(auditShown), total, page, page_size: size, total_pages: Math.ceil(total / size) };
  },
});

export const auditInfo = adminRoute({
  method: 'GET',
  paths: ['/audit/{id}'],
  action: 'audit.see',
  summary: 'Shows one entry of the audit log.',
  handle: async ({ store, params }) => {
    const entry = await auditEntry(store.database, params['id']!);
    if (!entry) throw new SluiceError('not_found', `There is no entry ${JSON.stringify(params['id']!.slice(0, 200))} in the audit log.`);
    return auditShown(entry);
  },
});

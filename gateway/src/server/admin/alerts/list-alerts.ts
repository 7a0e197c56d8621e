import { listAlerts, type ListedAlert } from '../../../alerts/index.ts';
import { adminRoute } from '../admin-route.ts';
import { iso, isoOrNull } from '../answer-parts.ts';
import { alertsQuery } from './schemas.ts';

export const alertsRoute = adminRoute({
  method: 'GET',
  paths: ['/alerts'],
  action: 'alert.see',
  query: alertsQuery,
  summary: 'Lists alerts and what became of each copy of them, the newest first.',
  handle: async ({ store, query }) => {
    const { page, page_size: size, delivery: state, ...equal } = query;
    const { alerts, total } = await listAlerts(store.database, { ...equal, state, page, size });
    return { alerts: alerts.map(shown), total, page, page_size: size, total_pages: Math.ceil(total / size) };
  },
});

const shown = ({ id, type, createdAt, resolvedAt, event, deliveries }: ListedAlert) => ({
  id,
  type,
  created_at: iso(createdAt),
  resolved_at: isoOrNull(resolvedAt),
  ...event,
  deliveries: deliveries.map(({ id: dedupeId, channel, target, state, attempts, nextAt, sentAt, lastError }) => ({
    dedupe_id: dedupeId,
    channel,
    target,
    state,
    attempts,
    next_at: isoOrNull(nextAt),
    sent_at: isoOrNull(sentAt),
    last_error: lastError ?? null,
  })),
});

import type { Secret } from 'sluice/kit';
import { post } from './post.ts';
import type { Outlet, Reach } from './channel.ts';

const url = 'https://events.pagerduty.com/v2/enqueue';
/** Its `dedup_key` may have 255; an id here has 36. */
const maxSummaryChars = 1024;

/**
 * PagerDuty's Events API v2 (github.com/PagerDuty/developer-docs, docs/events-API-v2/02-Trigger-Events.md, read 2026-11-22).
 * It adds repeats of a `dedup_key` to the alert that is open; one that somebody has resolved meanwhile is opened anew.
 */
export const pagerdutyOutlet = (reach: Reach, routingKey: Secret): Outlet => ({
  target: 'pagerduty',
  send: ({ id, type, event }, signal) =>
    post(reach, url, {
      body: JSON.stringify({
        routing_key: routingKey.reveal(),
        event_action: 'trigger',
        dedup_key: id,
        payload: {
          summary: event.event_message.slice(0, maxSummaryChars).toWellFormed(),
          source: 'sluice',
          severity: 'error',
          class: type,
          custom_details: event,
        },
      }),
      signal,
    }),
});

import { z } from 'zod';
import { entityKinds } from '../../../spend/reports/lens.ts';
import { adminRoute } from '../admin-route.ts';
import { activityDays } from './activity-query.ts';
import { dayPieces, logPieces, type ExportFormat } from './export-pieces.ts';
import { eventFilterOf, exportQuery } from './logs-query.ts';
import { dates } from './query-fields.ts';
import { rowSource, sumReader } from './reading.ts';

const types: Readonly<Record<ExportFormat, string>> = { csv: 'text/csv; charset=utf-8', jsonl: 'application/x-ndjson' };

/**
 * An answer that is made while it is read: the next piece when the client has taken the last one, and no further one once it
 * has left. A failure on the way breaks the connection, so that half an export is not taken for a whole one.
 */
const streamed = (pieces: AsyncGenerator<string, void, undefined>, format: ExportFormat, name: string): Response => {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await pieces.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      async cancel() {
        await pieces.return();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, {
    headers: { 'content-type': types[format], 'content-disposition': `attachment; filename="${name}.${format}"` },
  });
};

export const exportLogs = adminRoute({
  method: 'GET',
  paths: ['/spend/logs/export'],
  action: 'spend.logs',
  about: () => [],
  query: exportQuery,
  summary: 'Gives all calls that fit, the oldest first, as CSV or as JSON Lines, with the filters of /spend/logs/v2.',
  handle: async (context) => {
    const { format, ...query } = context.query;
    return streamed(logPieces(rowSource(context), eventFilterOf(context, query), format), format, 'spend-logs');
  },
});

export const exportDays = adminRoute({
  method: 'GET',
  paths: ['/spend/days/export'],
  action: 'spend.global',
  query: z.strictObject({
    ...dates,
    format: z.enum(['csv', 'jsonl']).default('jsonl'),
    by: z.enum(entityKinds).default('gateway'),
  }),
  summary: 'Gives the sums of each day as CSV or as JSON Lines: of the gateway, or by key, user, team, tag and the like.',
  handle: async (context) => {
    const { format, by } = context.query;
    const pieces = dayPieces(sumReader(context), { format, by, span: activityDays(context.query, context.now) });
    return streamed(pieces, format, `spend-days-by-${by}`);
  },
});

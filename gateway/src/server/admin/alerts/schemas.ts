import { z } from 'zod';
import { pageNumber, pageSize } from '../fields.ts';

const name = z.string().min(1).max(300);

export const alertsQuery = z.strictObject({
  event: name.optional(),
  type: name.optional(),
  /** The counter: `key:<hash>`, `team:<id>`. */
  subject: z.string().min(1).max(600).optional(),
  /** With a delivery in this state. */
  delivery: z.enum(['pending', 'sent', 'failed']).optional(),
  page: pageNumber,
  page_size: pageSize(50),
});

export const serviceQuery = z.strictObject({ service: name });

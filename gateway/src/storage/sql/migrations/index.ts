import type { Migration } from '../migrate.ts';
import { access } from './0001-access.ts';
import { auditHead } from './0002-audit-head.ts';
import { spend } from './0003-spend.ts';
import { alerts } from './0004-alerts.ts';
import { batches } from './0005-batches.ts';
import { contents } from './0006-contents.ts';

/** In the order in which they are applied. One that was released is never changed: a change is a new one. */
export const migrations: readonly Migration[] = [access, auditHead, spend, alerts, batches, contents];

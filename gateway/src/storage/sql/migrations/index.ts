import type { Migration } from '../migrate.ts';
import { access } from './0001-access.ts';
import { auditHead } from './0002-audit-head.ts';

/** In the order in which they are applied. One that was released is never changed: a change is a new one. */
export const migrations: readonly Migration[] = [access, auditHead];

import { eventSource, type EventSource, type Reader } from '../../../spend/reports/event-source.ts';
import type { AdminContext } from '../admin-route.ts';

type Context = Pick<AdminContext, 'store' | 'services'>;

/** What sums are read with: the ledger's own thread where it has one. */
export const sumReader = ({ store, services }: Context): Reader => services.ledger ?? store.database;

/** Where rows are read. */
export const rowSource = (context: Context): EventSource => eventSource(context.store.database, sumReader(context));

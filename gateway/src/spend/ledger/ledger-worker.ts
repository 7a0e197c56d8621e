import { fromPosted } from '../../storage/sql/posted.ts';
import { openDatabase, type Database } from '../../storage/sql/index.ts';
import type { SpendEvent } from '../event.ts';
import { eventDays } from './event-days.ts';
import { rebuildLedger } from './rebuild.ts';
import { retainDays } from './retain.ts';
import { failedOf, type Answered, type Asked } from './thread-messages.ts';
import { verifyLedger } from './verify.ts';
import { writeEvents } from './write-events.ts';

/* Writes and reads a SQLite file beside the server: SQLite's calls return when they are done, and all that is asked of the server would wait. */

declare const self: Worker;

let database: Promise<Database> | undefined;

const answer = async (asked: Asked): Promise<unknown> => {
  if (asked.what === 'close') return (await database)?.close();
  // One that could not be opened is tried again.
  database ??= openDatabase({ url: `sqlite:${asked.path}` }).catch((cause: unknown) => {
    database = undefined;
    throw cause;
  });
  const opened = await database;
  const days = eventDays(opened);
  const { now } = asked;
  switch (asked.what) {
    case 'write':
      return writeEvents(opened, JSON.parse(asked.events) as SpendEvent[], { days, keepRows: asked.keepRows, now });
    case 'retain':
      return retainDays(opened, days, asked.options, now);
    case 'verify':
      return verifyLedger(opened, days, asked.options);
    case 'rebuild':
      return rebuildLedger(opened, days, now);
    case 'all':
      return opened.all(fromPosted(asked.statement));
    default:
      throw new TypeError('The ledger was asked something that it does not know.');
  }
};

self.addEventListener('message', ({ data }: MessageEvent<Asked>) => {
  const { id } = data;
  answer(data).then(
    (value) => self.postMessage({ id, value } satisfies Answered, []),
    (cause: unknown) => self.postMessage({ id, failed: failedOf(cause) } satisfies Answered, []),
  );
});

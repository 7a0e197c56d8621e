import type { SpendWindows } from 'sluice/kit';
import type { Directory } from '../../access/directory/directory.ts';
import type { Alerts } from '../../alerts/index.ts';
import type { Passwords } from '../../access/passwords.ts';
import type { SignOn } from '../../access/sign-on/sign-on.ts';
import type { ConfigSnapshot } from '../../config/snapshot.ts';
import type { Live } from '../../pipeline/live.ts';
import type { SpendBook } from '../../spend/spend-book.ts';
import type { Contents } from '../../spend/contents/contents.ts';
import type { Ledger } from '../../spend/ledger/ledger.ts';
import type { StoredConfig } from '../../config/stored/index.ts';
import type { Sealer } from '../../storage/sealed/sealer.ts';

/** What handlers of the admin API use beside the store. */
export interface AdminServices {
  /** What is served now: the file's configuration with the database's part in it. */
  readonly live: () => Live;
  /** The configuration file's own part. */
  readonly snapshot: () => ConfigSnapshot;
  /** The database's part of the configuration. */
  readonly stored: StoredConfig;
  /** Looks for newer prices now, in the background. */
  readonly reloadPrices: () => void;
  /** What is known of keys, teams and users without asking the database. */
  readonly directory: Directory;
  /** Seals what must not be readable in the database. */
  readonly sealer: Sealer;
  /** Reads from the environment, the file's own part first. */
  readonly env: (name: string) => string | undefined;
  /** What was spent, in US dollars, and how it is set back. */
  readonly spend: SpendBook;
  /** Reads of reports, beside everything else. Absent: they are read as all the rest is. */
  readonly ledger?: Pick<Ledger, 'all'> | undefined;
  /** What was said in calls, where it is kept. */
  readonly contents?: Pick<Contents, 'of'> | undefined;
  /** What the router chooses deployments by. */
  readonly routingSpend: SpendWindows;
  /** Who is told of budgets. */
  readonly alerts?: Alerts | undefined;
  /** Hashes and checks passwords of people; one for the whole gateway, so that its bounds hold. */
  readonly passwords: Passwords;
  /** Sessions, and the ways to begin one. */
  readonly signOn: SignOn;
  /** Puts a virtual key where those who use it read it (`store_virtual_keys`). Absent: there is no secret manager that may be written to. */
  readonly writeKey?: ((name: string, key: string) => Promise<void>) | undefined;
}

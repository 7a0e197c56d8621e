import { verifyAudit } from '../access/store/verify-audit.ts';
import { withDatabase } from './with-database.ts';
import type { Io } from './io.ts';

export interface AuditVerifyFlags {
  databaseUrl?: string;
  /** The hash that an earlier run has printed. */
  known?: string;
  json?: boolean;
}

/** `sluice audit verify`: exit code 1 where the log is not as it was written. */
export const auditVerify = async (flags: AuditVerifyFlags, io: Io): Promise<number> =>
  withDatabase({ url: flags.databaseUrl, migrated: true }, io, async ({ database, where }) => {
    const verdict = await verifyAudit(database, flags.known === undefined ? {} : { known: flags.known });
    if (flags.json) io.out(`${JSON.stringify({ database: where, ...verdict }, null, 2)}\n`);
    else if (verdict.whole) io.out(`The audit log of ${where} is whole: ${count(verdict.entries)}, the last one ${verdict.hash}.\n`);
    else {
      const { broken, entries, why } = verdict;
      const place = broken && ` Entry ${broken.id} (number ${broken.seq}, ${new Date(broken.at).toISOString()}).`;
      io.out(`The audit log of ${where} is not whole. ${why}${place ?? ''} Before it, ${count(entries)} fit.\n`);
    }
    return verdict.whole ? 0 : 1;
  });

const count = (entries: number): string => `${entries} ${entries === 1 ? 'entry' : 'entries'}`;

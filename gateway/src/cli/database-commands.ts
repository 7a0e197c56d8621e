import type { Command } from 'commander';
import type { AuditVerifyFlags } from './audit-commands.ts';
import type { ImportFlags } from './import/import-command.ts';
import type { MigrateFlags } from './migrate-command.ts';

/** What is asked of a database, without a gateway. */
export type DatabaseAsked =
  | { kind: 'migrate'; flags: MigrateFlags }
  | { kind: 'audit-verify'; flags: AuditVerifyFlags }
  | { kind: 'import-litellm'; flags: ImportFlags };

const urlFlag = ['--database-url <url>', "postgres://... or sqlite:/path/file.db (default: DATABASE_URL, or this machine's file)"] as const;

export const addDatabaseCommands = (program: Command, ask: (asked: DatabaseAsked) => void): void => {
  program
    .command('migrate')
    .description('make and change the tables of the database; a gateway does so itself when it starts')
    .option(...urlFlag)
    .option('--dry-run', 'print what would be done')
    .action((flags: MigrateFlags) => ask({ kind: 'migrate', flags }));
  program
    .command('audit')
    .description('the log of all changes')
    .command('verify')
    .description('check that nothing of it was changed, taken out or put in; exit code 1 if something was')
    .option(...urlFlag)
    .option('--known <hash>', 'a hash that an earlier run has printed: it must still be there')
    .option('--json', 'as JSON')
    .action((flags: AuditVerifyFlags) => ask({ kind: 'audit-verify', flags }));
  program
    .command('import')
    .description('bring keys, teams, users and the rest from another gateway')
    .command('litellm')
    .description("bring what LiteLLM's database has; its keys go on working. What is here already stays as it is")
    .requiredOption('--database-url <url>', "LiteLLM's database, which is only read")
    .option('--to <url>', "this gateway's (default: DATABASE_URL, or this machine's file)")
    .option('--dry-run', 'change nothing, print the report')
    .option('--overwrite', 'replace what is here already and is another one')
    .option('--salt-key <key>', "LiteLLM's, to open its models' secrets; better in LITELLM_SALT_KEY or LITELLM_MASTER_KEY")
    .option('--timezone <name>', "the gateway's, in which budgets' periods begin (default: UTC)")
    .option('--json', 'the report as JSON, with every object')
    .action((flags: ImportFlags) => ask({ kind: 'import-litellm', flags }));
};

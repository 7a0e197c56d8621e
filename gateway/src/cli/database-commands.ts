import type { Command } from 'commander';
import type { AuditVerifyFlags } from './audit-commands.ts';
import type { ImportFlags } from './import/import-command.ts';
import type { MigrateFlags } from './migrate-command.ts';
import type { SpendExportFlags } from './spend-export.ts';
import type { SpendFlags, SpendRetainFlags, SpendVerifyFlags } from './spend-commands.ts';

/** What is asked of a database, without a gateway. */
export type DatabaseAsked =
  | { kind: 'migrate'; flags: MigrateFlags }
  | { kind: 'audit-verify'; flags: AuditVerifyFlags }
  | { kind: 'spend-verify'; flags: SpendVerifyFlags }
  | { kind: 'spend-rebuild'; flags: SpendFlags }
  | { kind: 'spend-retain'; flags: SpendRetainFlags }
  | { kind: 'spend-export'; flags: SpendExportFlags }
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
  const spend = program.command('spend').description('what was spent, as the database has it');
  spend
    .command('verify')
    .description('check that rows, sums and counters agree, and that counts x prices are what was charged; exit code 1 if not')
    .option(...urlFlag)
    .option('--no-prices', 'do not work out the cost of each row again, which takes longest')
    .option('--json', 'as JSON')
    .action((flags: SpendVerifyFlags) => ask({ kind: 'spend-verify', flags }));
  spend
    .command('rebuild')
    .description('make sums and counters anew from the rows that are kept; gateways that run wait with what they have to write')
    .option(...urlFlag)
    .option('--json', 'as JSON')
    .action((flags: SpendFlags) => ask({ kind: 'spend-rebuild', flags }));
  spend
    .command('retain')
    .description('drop what is older than is kept; sums by days and counters stay')
    .option(...urlFlag)
    .option('--rows <duration>', 'how long rows are kept, in whole days: 30d')
    .option('--hours <duration>', 'how long sums by hours are kept: 90d')
    .option('--json', 'as JSON')
    .action((flags: SpendRetainFlags) => ask({ kind: 'spend-retain', flags }));
  spend
    .command('export')
    .description('print all calls, or sums of days, as CSV or JSON Lines')
    .option(...urlFlag)
    .option('--format <format>', 'csv or jsonl (default: jsonl)')
    .option('--from <day>', 'the first day: 2026-11-01 (default: all)')
    .option('--to <day>', 'the last day (default: today)')
    .option(
      '--days <by>',
      'sums of days instead of calls, by gateway, key, user, team, organization, project, customer, tag, agent or user_agent',
    )
    .option('--team <id>', 'calls of a team alone')
    .option('--user <id>', 'calls of a user alone')
    .action((flags: SpendExportFlags) => ask({ kind: 'spend-export', flags }));
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

import { Command, CommanderError } from 'commander';
import { addAdminCommands, adminCommands, type AdminAsked } from './admin/add-commands.ts';
import { addDatabaseCommands, type DatabaseAsked } from './database-commands.ts';
import { environmentFlags, kebabCase, refusedFlags, startOptions, type Flags } from './flags.ts';
import { Refusal, type Io } from './io.ts';
import type { RunFlags } from './run-agent.ts';

/** What the command line asks for. */
export type Asked =
  | { kind: 'start'; flags: Flags }
  | { kind: 'config-check'; file: string; json: boolean }
  | { kind: 'config-explain'; file: string }
  | { kind: 'config-explain-path'; file: string; path: string; databaseUrl?: string; flags: ExplainFlags }
  | { kind: 'config-schema' }
  | { kind: 'run'; agent: string; args: string[]; flags: RunFlags }
  | DatabaseAsked
  | AdminAsked
  /** Help or the version were asked for, or something was wrong: it has been said. */
  | { kind: 'said'; exitCode: number };

const after = `
Flags may be written with - or _ (--api-base, --api_base). Without --config and --model, every provider whose key is
in the environment is served, a local Ollama too, and always the built-in mock.

Examples:
  sluice                                       what the environment has keys for
  sluice --config config.yaml --port 4000      LiteLLM's configuration file
  sluice --model ollama/llama3.2               one model
  sluice config check config.yaml              every mistake, with line and column
  sluice run claude                            Claude Code, pointed at the running gateway`;

/** Reads the command line and the environment's part of it. @throws Refusal for flags that make no sense here */
export const parse = (io: Pick<Io, 'argv' | 'env' | 'out' | 'tell'>, version: string): Asked => {
  let asked: Asked | undefined;
  const program = new Command('sluice')
    .description('One gate to every model.')
    .version(version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', after)
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.tell })
    .allowExcessArguments(false)
    // What stands behind an agent's name is the agent's.
    .enablePositionalOptions()
    .showSuggestionAfterError(true);
  for (const option of startOptions()) program.addOption(option);
  program.action((flags: Flags) => {
    asked = { kind: 'start', flags };
  });

  const config = program.command('config').description('check a configuration file, or print its schema');
  config
    .command('check')
    .description('report every mistake with line, column and the nearest known key; exit code 1 if there is one')
    .argument('<file>')
    .option('--json', 'as JSON')
    .action((file: string, { json }: { json?: boolean }) => {
      asked = { kind: 'config-check', file, json: json === true };
    });
  config
    .command('explain')
    .description('print what the file means, without its secrets; with a path, one value and where it comes from')
    .argument('<file>')
    .argument('[path]', 'router_settings.num_retries, model_list[0].litellm_params, ...')
    .option('--database-url <url>', 'also say what this database has (default: that of the file, or DATABASE_URL)')
    .addOption(shared('--request-timeout'))
    .addOption(shared('--drop-params'))
    .addOption(shared('--log-level'))
    .action((file: string, path: string | undefined, { databaseUrl, ...flags }: ExplainFlags & { databaseUrl?: string }) => {
      asked =
        path === undefined
          ? { kind: 'config-explain', file }
          : { kind: 'config-explain-path', file, path, ...(databaseUrl !== undefined && { databaseUrl }), flags };
    });
  config
    .command('schema')
    .description('print the JSON schema of the file, for editors')
    .action(() => {
      asked = { kind: 'config-schema' };
    });

  program
    .command('run')
    .description('start claude, codex, gemini or opencode, pointed at the running gateway')
    .argument('<agent>', 'claude, codex, gemini or opencode')
    .argument('[arguments...]', "the agent's own")
    .option('--model <name>', 'the model it is to use (default: one of those that the gateway lists)')
    .option('--url <address>', "the gateway's (default: SLUICE_URL, or http://127.0.0.1:4000)")
    .option('--key <key>', "the gateway's key; better in SLUICE_API_KEY (default: this machine's master key)")
    .passThroughOptions()
    .action((agent: string, args: string[], flags: RunFlags) => {
      asked = { kind: 'run', agent, args, flags };
    });

  addDatabaseCommands(program, (database) => (asked = database));
  addAdminCommands(program, io.argv[0], (admin) => (asked = admin));

  try {
    program.parse(argumentsOf(io), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { kind: 'said', exitCode: error.exitCode === 0 ? 0 : 2 };
  }
  return asked ?? { kind: 'said', exitCode: 0 };
};

type ExplainFlags = Pick<Flags, 'requestTimeout' | 'dropParams' | 'logLevel'>;

/** The same as of a start. */
const shared = (long: string) => startOptions().find((option) => option.long === long)!;

/** Commands whose flags have nothing to do with those of a start, whatever they are called. */
const ownFlags: ReadonlySet<string> = new Set(['migrate', 'audit', 'spend', 'import', ...adminCommands]);

const argumentsOf = ({ argv, env }: Pick<Io, 'argv' | 'env'>): readonly string[] => {
  // An agent's arguments are its own, in its own spelling; and the environment's flags are those of a start.
  if (argv[0] === 'run') return argv;
  if (ownFlags.has(argv[0] ?? '')) return argv.map(kebabCase);
  const flags = argv.map(kebabCase);
  refuse(flags);
  return [...environmentFlags(env), ...flags];
};

const refuse = (argv: readonly string[]) => {
  for (const argument of argv) {
    const name = argument.split('=', 1)[0];
    const refused = refusedFlags.find(({ flag }) => flag === name);
    if (refused) throw new Refusal(`${refused.flag} has no meaning here: ${refused.why}.`, 2);
  }
};

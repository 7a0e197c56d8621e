import { Option } from 'commander';
import { Refusal } from './io.ts';

/** LiteLLM's flags that make no sense here: refused with the reason, so that nobody believes they did something. */
export interface RefusedFlag {
  flag: string;
  why: string;
}

const oneProcess = 'Sluice is one process that uses no Gunicorn or Hypercorn';
const noPrisma = 'Sluice uses no Prisma';

export const refusedFlags: readonly RefusedFlag[] = [
  { flag: '--add-key', why: 'keys on a command line are seen by every user of the machine: set the variable in the environment instead' },
  { flag: '--add-function-to-prompt', why: 'tools are translated for every provider, there is nothing to put into the prompt' },
  { flag: '--ciphers', why: "the TLS library's own list is used; put a proxy in front to have another" },
  { flag: '--enforce-prisma-migration-check', why: noPrisma },
  { flag: '--iam-token-db-auth', why: 'tokens of AWS are not made here: give the database a password' },
  { flag: '--local', why: 'it is for developing LiteLLM' },
  { flag: '--log-config', why: 'log lines are JSON on standard output; choose the level with --log-level' },
  { flag: '--max-budget', why: 'put litellm_settings.max_budget into the configuration file' },
  { flag: '--max-requests-before-restart', why: 'the process needs no restarts' },
  { flag: '--num-requests', why: 'it belongs to --test-async; use a load generator' },
  { flag: '--run-gunicorn', why: oneProcess },
  { flag: '--run-hypercorn', why: `${oneProcess}; for HTTP/2 put a proxy in front` },
  { flag: '--save', why: 'settings are kept in a configuration file: see --config' },
  { flag: '--test-async', why: 'it is for queued requests, which Sluice does not have; use --test' },
  { flag: '--use-prisma-db-push', why: noPrisma },
  { flag: '--use-queue', why: 'requests are not queued' },
];

/** As commander gives them. */
export interface Flags {
  config?: string;
  host?: string;
  port?: number;
  model?: string;
  alias?: string;
  apiBase?: string;
  apiKey?: string;
  apiVersion?: string;
  headers?: Record<string, string>;
  temperature?: number;
  maxTokens?: number;
  requestTimeout?: number;
  dropParams?: boolean;
  allowWeakKey?: boolean;
  sslKeyfilePath?: string;
  sslCertfilePath?: string;
  keepaliveTimeout?: number;
  databaseUrl?: string;
  /** False: the tables must be there already. */
  migrate?: boolean;
  numWorkers?: number;
  logLevel?: string;
  debug?: boolean;
  detailedDebug?: boolean;
  telemetry?: string;
  skipServerStartup?: boolean;
  health?: boolean;
  test?: string | true;
}

/** `--api_base` and `--api-base` are the same flag. */
export const kebabCase = (argument: string): string => {
  const [, name, rest] = /^(--[A-Za-z][\w-]*)(=.*)?$/s.exec(argument) ?? [];
  return name === undefined ? argument : name.replaceAll('_', '-') + (rest ?? '');
};

const number =
  (name: string, { min, max, int }: { min: number; max?: number; int?: boolean }) =>
  (text: string): number => {
    const value = Number(text);
    const fits = text.trim() !== '' && value >= min && (max === undefined || value <= max) && (!int || Number.isInteger(value));
    if (!fits)
      throw new Refusal(
        `${name} must be a ${int ? 'whole ' : ''}number ${max === undefined ? `of at least ${min}` : `from ${min} to ${max}`}.`,
        2,
      );
    return value;
  };

const headers = (text: string): Record<string, string> => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const valid =
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every((each) => typeof each === 'string');
  if (!valid) throw new Refusal(`--headers must be a JSON object of texts, such as '{"x-team": "a"}'.`, 2);
  return value as Record<string, string>;
};

/** Variables that stand for flags, as in LiteLLM. A flag on the command line wins. */
const flagVariables: readonly (readonly [flag: string, variable: string])[] = [
  ['--config', 'CONFIG_FILE_PATH'],
  ['--host', 'HOST'],
  ['--port', 'PORT'],
  ['--num-workers', 'NUM_WORKERS'],
  ['--keepalive-timeout', 'KEEPALIVE_TIMEOUT'],
  ['--ssl-keyfile-path', 'SSL_KEYFILE_PATH'],
  ['--ssl-certfile-path', 'SSL_CERTFILE_PATH'],
];

/** The environment's part of the command line, to be put before it. */
export const environmentFlags = (env: Readonly<Record<string, string | undefined>>): string[] =>
  flagVariables.flatMap(([flag, variable]) => (env[variable] ? [`${flag}=${env[variable]}`] : []));

/** Of a start. Defaults that depend on more than the command line are not here. */
export const startOptions = (): Option[] => [
  new Option('-c, --config <file>', "configuration file, LiteLLM's format"),
  new Option('--host <address>', 'address to listen on (default: 127.0.0.1)'),
  new Option('--port <number>', 'port to listen on; 0: any free one (default: 4000)').argParser(
    number('--port', { min: 0, max: 65_535, int: true }),
  ),
  new Option('--allow-weak-key', 'listen beyond this machine with a weak master key, or one made now'),
  new Option('--ssl-keyfile-path <file>', 'private key (PEM), to serve HTTPS'),
  new Option('--ssl-certfile-path <file>', 'certificate (PEM), to serve HTTPS'),
  new Option(
    '--keepalive-timeout <seconds>',
    "how long clients' idle connections are kept; above 255: for ever (default: for ever)",
  ).argParser(number('--keepalive-timeout', { min: 0 })),
  new Option('--database-url <url>', 'where keys, teams and users are kept (default: DATABASE_URL, or a file in the data directory)'),
  new Option('--no-migrate', 'do not make or change tables; refuse to start where some are missing'),
  new Option('--request-timeout <seconds>', 'how long a call may take').argParser(number('--request-timeout', { min: 0 })),
  new Option('--drop-params', 'leave out parameters that a provider lacks, instead of refusing the request'),
  new Option('--log-level <level>', 'the least serious lines that are logged (default: info)').choices([
    'debug',
    'info',
    'warn',
    'error',
    'silent',
  ]),
  new Option('--debug', 'the same as --log-level debug'),
  new Option('--detailed-debug', 'the same as --log-level debug').hideHelp(),
  new Option('--num-workers <number>', 'accepted for LiteLLM: one process does the work; start more of them behind a balancer').argParser(
    number('--num-workers', { min: 1, int: true }),
  ),
  new Option('--telemetry <boolean>', 'nothing is sent anywhere').hideHelp(),
  new Option('--skip-server-startup', 'read and check everything, then end'),
  new Option('--health', 'ask a running gateway whether it is ready; for health checks of containers'),
  new Option('--test [url]', 'send one chat request to a running gateway'),
  new Option('-m, --model <provider/model>', 'serve this one model').helpGroup('One model without a file:'),
  new Option('--alias <name>', 'the name that clients use for it').helpGroup('One model without a file:'),
  new Option('--api-base <url>', "the provider's address").helpGroup('One model without a file:'),
  new Option('--api-key <key>', "the provider's key; better in the environment").helpGroup('One model without a file:'),
  new Option('--api-version <version>', 'version of the API (Azure)').helpGroup('One model without a file:'),
  new Option('--headers <json>', 'headers of every request to the provider').argParser(headers).helpGroup('One model without a file:'),
  new Option('--temperature <number>', 'default for requests that give none')
    .argParser(number('--temperature', { min: 0 }))
    .helpGroup('One model without a file:'),
  new Option('--max-tokens <number>', 'default for requests that give none')
    .argParser(number('--max-tokens', { min: 1, int: true }))
    .helpGroup('One model without a file:'),
];

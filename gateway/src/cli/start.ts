import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Overrides } from '../config/build.ts';
import { environmentOf } from '../config/environment.ts';
import { formatProblem } from '../config/problem.ts';
import { findProviders, quickStartSnapshot, singleModelSnapshot, type FoundProvider, type ProviderFacts } from '../config/quick-start.ts';
import { redisSettings } from '../config/redis.ts';
import type { RunningServer, ServerOptions, StartServer } from '../server/server-options.ts';
import type { ConfigSnapshot } from '../config/snapshot.ts';
import { banner } from './banner.ts';
import { askHealth, sendTest } from './calls.ts';
import { openGatewayDatabase } from './database.ts';
import { summary } from './config-commands.ts';
import { readConfig, type ReadConfig } from './config-file.ts';
import { findingLines } from './findings.ts';
import type { Flags } from './flags.ts';
import { Refusal, type Io } from './io.ts';
import { openJournal } from './journal.ts';
import { demandStrongKey, givenMasterKey, isLoopback, makeMasterKey, type MasterKey } from './master-key.ts';
import type { ModeOf } from './mode-of.ts';
import { findOllama, type FoundOllama } from './ollama.ts';
import { createSecretLoader, type SecretLoader } from './secrets.ts';
import { addressOf, checkFlags, overridesOf, portProblem, readTls, singleModelOf, tlsProblem } from './start-options.ts';
import { weakness } from '../config/weak-key.ts';

/** The providers that are built. */
export interface ProviderTable {
  list: readonly ProviderFacts[];
  /** Ids and other names. */
  prefixes: readonly string[];
}

/** What a start needs besides the world; loaded late, because help and checks need none of it. */
export interface StartParts {
  version: string;
  loadServer: () => Promise<{ startServer: StartServer }>;
  loadProviders: () => Promise<ProviderTable>;
  loadModes: () => Promise<ModeOf>;
  log: (line: string) => void;
}

/** A gateway that is up. */
export interface Started {
  server: RunningServer;
  snapshot: ConfigSnapshot;
  /** The file that it runs with, to be watched. */
  config?: {
    file: string;
    read: ReadConfig;
    readAgain: () => Promise<ReadConfig>;
    masterKeyFor: (snapshot: ConfigSnapshot) => MasterKey;
    secrets: SecretLoader;
  };
}

interface Source {
  snapshot: ConfigSnapshot;
  found?: { providers: readonly FoundProvider[]; ollama?: FoundOllama };
  read?: ReadConfig;
}

/**
 * Everything from flags to a listening server and its banner. A number: there is nothing to run, end with this code.
 * @throws Refusal where it must not, or cannot, start
 */
export const start = async (flags: Flags, io: Io, parts: StartParts): Promise<Started | number> => {
  for (const line of checkFlags(flags)) io.tell(`${line}\n`);
  const host = flags.host ?? '127.0.0.1';
  const port = flags.port ?? 4000;
  if (flags.health) return askHealth(addressOf(flags, host, port), io);
  const overrides = overridesOf(flags, io);
  if (flags.test !== undefined) return test(flags, io, addressOf(flags, host, port));

  const server = parts.loadServer();
  // Waited for below; until then a failure must not count as nobody's.
  server.catch(() => {});
  const providers = await parts.loadProviders();
  const secrets = createSecretLoader(io);
  const readAgain = () => readConfig(flags.config!, { io, providers: providers.prefixes, overrides, secrets });
  const source = await sourceOf(flags, io, providers, overrides, readAgain);
  const { snapshot } = source;
  for (const line of findingLines(snapshot)) io.tell(`${line}\n`);

  let made: MasterKey | undefined;
  // One that could not be kept must stay the same as long as this run: a reload would lock everybody out.
  const make = () => (made ??= makeMasterKey(io));
  const masterKeyFor = (of: ConfigSnapshot) => chooseKey(of, host, flags, io, make);
  if (flags.skipServerStartup) {
    io.tell(`Everything is in order: ${summary(snapshot)} Not started, as --skip-server-startup asks.\n`);
    return 0;
  }
  const masterKey = masterKeyFor(snapshot);
  const opened = await openGatewayDatabase(snapshot, flags, io);
  const journal = opened && (await openJournal(io));
  const tls = readTls(flags, io.cwd);
  const options: ServerOptions = {
    snapshot,
    host,
    port,
    masterKey: masterKey.key,
    env: io.env,
    log: parts.log,
    readText: (path, from) => readText(resolve(from === undefined ? io.cwd : dirname(resolve(io.cwd, from)), path)),
    version: parts.version,
    ...(opened && { database: opened.database, sealer: opened.sealer }),
    ...(journal && { journal }),
    ...(secrets.takesKeys() && { writeKey: secrets.writeKey, deleteKey: secrets.deleteKey }),
    ...(tls && { tls }),
    ...(flags.keepaliveTimeout && { keepAliveTimeoutMs: Math.round(flags.keepaliveTimeout * 1000) }),
  };
  const running = await listen((await server).startServer, options);
  const warning = isLoopback(host) ? weakness(masterKey.key.reveal()) : undefined;
  if (warning !== undefined)
    io.tell(`The master key is weak: ${warning}. It will do as long as only this machine can reach the gateway.\n`);
  io.tell(
    `\n${banner({
      version: parts.version,
      url: shownUrl(running.url),
      snapshot,
      masterKey,
      database: opened?.where,
      modeOf: await parts.loadModes(),
      ...(source.found && { found: source.found }),
    })}`,
  );
  return {
    server: running,
    snapshot,
    ...(source.read &&
      flags.config !== undefined && { config: { file: flags.config, read: source.read, readAgain, masterKeyFor, secrets } }),
  };
};

const sourceOf = async (
  flags: Flags,
  io: Io,
  providers: ProviderTable,
  overrides: Overrides,
  readFile: () => Promise<ReadConfig>,
): Promise<Source> => {
  const redis = redisSettings([], (name) => io.env[name]);
  if (flags.model !== undefined)
    return { snapshot: singleModelSnapshot(singleModelOf(flags), new Set(providers.prefixes), overrides, redis) };
  if (flags.config !== undefined) {
    const read = await readFile();
    if (read.loaded.ok) return { snapshot: read.loaded.snapshot, read };
    const { problems } = read.loaded;
    const count = problems.length === 1 ? 'a mistake' : `${problems.length} mistakes`;
    throw new Refusal(`${flags.config} has ${count}:\n${problems.map((problem) => `  ${formatProblem(problem)}`).join('\n')}`);
  }
  const found = findProviders(providers.list, io.env);
  const ollama = await findOllama(io.fetch, io.env);
  const names = found.map(({ provider }) => provider.id).filter((id) => id !== 'mock' && id !== 'ollama');
  return {
    snapshot: quickStartSnapshot({ providers: names, ...(ollama && { ollama }) }, overrides, redis),
    found: { providers: found.filter(({ provider }) => names.includes(provider.id)), ...(ollama && { ollama }) },
  };
};

const chooseKey = (snapshot: ConfigSnapshot, host: string, flags: Flags, io: Io, make: () => MasterKey): MasterKey => {
  const given = givenMasterKey(snapshot.access.masterKey, environmentOf(snapshot, io.env), io);
  if (!flags.allowWeakKey) demandStrongKey(given, host);
  return given ?? make();
};

const test = (flags: Flags, io: Io, address: string): Promise<number> => {
  const environment = (name: string) => io.env[name] || undefined;
  const key = givenMasterKey(undefined, environment, io)?.key.reveal();
  const url = typeof flags.test === 'string' ? flags.test.replace(/\/+$/, '') : address;
  return sendTest(url, { key: flags.apiKey ?? key, model: flags.model ?? 'mock/hello', io });
};

const listen = async (startServer: StartServer, options: ServerOptions): Promise<RunningServer> => {
  try {
    return await startServer(options);
  } catch (error) {
    const sentence = portProblem((error as NodeJS.ErrnoException).code, options.host, options.port) ?? (options.tls && tlsProblem(error));
    throw sentence === undefined ? error : new Refusal(sentence);
  }
};

const readText = (path: string): Promise<string> => readFile(path, 'utf8');

/** "All addresses" is no address that a call could be sent to. */
const shownUrl = (url: string): string => url.replace('//0.0.0.0', '//127.0.0.1').replace('//[::]', '//[::1]');

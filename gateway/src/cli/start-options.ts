import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Secret } from 'sluice/kit';
import { readAddress } from '../config/address.ts';
import type { Overrides } from '../config/build.ts';
import type { SingleModel } from '../config/quick-start.ts';
import { logLevels, type LogLevel } from '../config/snapshot.ts';
import type { Flags } from './flags.ts';
import { Refusal, type Io } from './io.ts';

const ofOneModel = ['alias', 'apiBase', 'apiKey', 'apiVersion', 'headers', 'temperature', 'maxTokens'] as const;

/** Flags that contradict each other, or that are half of a pair. @returns what is to be said though it starts; @throws Refusal */
export const checkFlags = (flags: Flags): string[] => {
  if (flags.model !== undefined && flags.config !== undefined && flags.test === undefined) {
    throw new Refusal('--config and --model exclude each other: put the model into the file.', 2);
  }
  if (flags.model === undefined && flags.test === undefined) {
    const lonely = ofOneModel.filter((name) => flags[name] !== undefined).map(flagOf);
    if (lonely.length > 0)
      throw new Refusal(
        `${lonely.join(', ')} belong${lonely.length === 1 ? 's' : ''} to --model, which is not given. In a file: litellm_params.`,
        2,
      );
  }
  if ((flags.sslKeyfilePath === undefined) !== (flags.sslCertfilePath === undefined)) {
    throw new Refusal('--ssl-keyfile-path and --ssl-certfile-path go together.', 2);
  }
  if (flags.telemetry !== undefined && !/^(false|no|off|0)$/i.test(flags.telemetry)) {
    throw new Refusal('--telemetry has no meaning here: Sluice sends nothing to anybody.', 2);
  }
  if (flags.apiBase !== undefined && !/^https?:\/\//i.test(flags.apiBase)) {
    throw new Refusal('--api-base must be an address that begins with http:// or https://.', 2);
  }
  return (flags.numWorkers ?? 1) > 1
    ? ['--num-workers: one process does the work of many workers here. For more than one core, start more gateways behind a balancer.']
    : [];
};

const flagOf = (name: string): string => `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

export const singleModelOf = (flags: Flags): SingleModel => {
  const address = flags.apiBase === undefined ? undefined : readAddress(flags.apiBase);
  return {
    model: flags.model!,
    ...(flags.alias !== undefined && { alias: flags.alias }),
    ...(address && { apiBase: address.apiBase }),
    ...(flags.apiKey !== undefined && { apiKey: new Secret(flags.apiKey) }),
    ...(flags.apiVersion !== undefined && { apiVersion: flags.apiVersion }),
    headers: {
      ...(address?.authorization && { authorization: address.authorization }),
      ...Object.fromEntries(Object.entries(flags.headers ?? {}).map(([name, value]) => [name.toLowerCase(), new Secret(value)])),
    },
    defaults: {
      ...(flags.temperature !== undefined && { temperature: flags.temperature }),
      ...(flags.maxTokens !== undefined && { max_tokens: flags.maxTokens }),
    },
  };
};

/** The certificate and its key. @throws Refusal where a file cannot be read */
export const readTls = (
  { sslKeyfilePath: keyPath, sslCertfilePath: certPath }: Flags,
  cwd: string,
): { key: string; cert: string } | undefined => {
  if (keyPath === undefined || certPath === undefined) return undefined;
  const read = (flag: string, path: string): string => {
    try {
      return readFileSync(resolve(cwd, path), 'utf8');
    } catch (error) {
      throw new Refusal(`${flag} ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}).`);
    }
  };
  return { key: read('--ssl-keyfile-path', keyPath), cert: read('--ssl-certfile-path', certPath) };
};

/** Where a gateway with these flags would be. */
export const addressOf = (flags: Flags, host: string, port: number): string => {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host;
  return `${flags.sslCertfilePath === undefined ? 'http' : 'https'}://${name}:${port}`;
};

/** What to do about a port that cannot be had; undefined for another failure. */
export const portProblem = (code: string | undefined, host: string, port: number): string | undefined => {
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is in use. Stop what listens there, or choose another one, e.g. --port ${port + 1}; --port 0 takes any free one.`;
    case 'EACCES':
      return `Port ${port} on ${host} needs rights that this user does not have. Choose one above 1023, e.g. --port 4000.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is not an address of this machine. Choose another --host, e.g. 127.0.0.1, or 0.0.0.0 for all.`;
    default:
      return undefined;
  }
};

/** What to do about a certificate that cannot be used; undefined for another failure. */
export const tlsProblem = (error: unknown): string | undefined =>
  /PEM|SSL|X509|KEY_VALUES|certificate/i.test(String(error))
    ? '--ssl-keyfile-path and --ssl-certfile-path must be a private key and its certificate, both as PEM.'
    : undefined;

/** What flags and variables set above the file. */
export const overridesOf = (
  flags: Pick<Flags, 'requestTimeout' | 'dropParams' | 'logLevel' | 'debug' | 'detailedDebug'>,
  io: Pick<Io, 'env'>,
): Overrides => {
  const debug = flags.debug || flags.detailedDebug ? 'debug' : undefined;
  const asked = flags.logLevel ?? debug ?? (io.env['SLUICE_LOG'] || io.env['LITELLM_LOG'])?.toLowerCase();
  const logLevel = asked === 'warning' ? 'warn' : asked;
  return {
    ...(flags.requestTimeout && { requestTimeoutMs: Math.round(flags.requestTimeout * 1000) }),
    ...(flags.dropParams && { dropParams: true }),
    ...(logLevels.includes(logLevel as LogLevel) && { logLevel: logLevel as LogLevel }),
  };
};

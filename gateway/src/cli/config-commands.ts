import { formatProblem } from '../config/problem.ts';
import type { ConfigSnapshot } from '../config/snapshot.ts';
import { readConfig } from './config-file.ts';
import { findingLines } from './findings.ts';
import type { Flags } from './flags.ts';
import type { Io } from './io.ts';

type Options = { io: Io; providers: Iterable<string> };

/** `sluice config check FILE`: every mistake. Exit code 1 if there is one. */
export const configCheck = async (file: string, json: boolean, { io, providers }: Options): Promise<number> => {
  const { loaded, unasked = [] } = await readConfig(file, { io, providers });
  // Only a start asks secret managers: what they may hold is not missing.
  const unsetVariables = loaded.ok ? loaded.snapshot.unsetVariables.filter(({ name }) => !unasked.includes(name)) : [];
  if (json) {
    const { notes = [], warnings = [] } = loaded.ok ? loaded.snapshot : {};
    io.out(`${JSON.stringify({ ok: loaded.ok, problems: loaded.ok ? [] : loaded.problems, warnings, notes, unsetVariables }, null, 2)}\n`);
    return loaded.ok ? 0 : 1;
  }
  if (!loaded.ok) {
    const { problems } = loaded;
    io.out(`${problems.map(formatProblem).join('\n')}\n`);
    io.tell(`${problems.length} ${problems.length === 1 ? 'mistake' : 'mistakes'}.\n`);
    return 1;
  }
  for (const line of findingLines({ ...loaded.snapshot, unsetVariables })) io.out(`${line}\n`);
  if (unasked.length > 0) io.out(`Left to the secret managers, which a check does not ask: ${unasked.join(', ')}.\n`);
  io.out(`${file}: no mistakes. ${summary(loaded.snapshot)}\n`);
  return 0;
};

/** `sluice config explain FILE`: what the gateway would run with. Secrets print as `[secret]`. */
export const configExplain = async (file: string, { io, providers }: Options): Promise<number> => {
  const { loaded } = await readConfig(file, { io, providers });
  if (loaded.ok) io.out(`${JSON.stringify(loaded.snapshot, shown, 2)}\n`);
  else io.out(`${loaded.problems.map(formatProblem).join('\n')}\n`);
  return loaded.ok ? 0 : 1;
};

/** What `sluice config explain FILE PATH` is told beside the file. */
export interface ExplainPathOptions {
  path: string;
  /** Absent: that of the environment, or of the file. */
  databaseUrl?: string;
  flags: Pick<Flags, 'requestTimeout' | 'dropParams' | 'logLevel'>;
}

/** `sluice config explain FILE PATH`: one value, and where it comes from. */
export const configExplainPath = async (
  file: string,
  { path, databaseUrl, flags }: ExplainPathOptions,
  { io, providers }: Options,
): Promise<number> => {
  const { loaded } = await readConfig(file, { io, providers });
  if (!loaded.ok) {
    io.out(`${loaded.problems.map(formatProblem).join('\n')}\n`);
    return 1;
  }
  const { snapshot } = loaded;
  const { origin } = snapshot;
  const [{ explainPath, overridesAsPaths, stepsOf }, { environmentOf }, { overridesOf }] = await Promise.all([
    import('./explain-path.ts'),
    import('../config/environment.ts'),
    import('./start-options.ts'),
  ]);
  const steps = stepsOf(path);
  const environment = environmentOf(snapshot, io.env);
  const { givenDatabaseUrl } = await import('./database.ts');
  const url = givenDatabaseUrl(snapshot, databaseUrl === undefined ? {} : { databaseUrl }, io);
  let stored: { value: unknown } | undefined;
  if (url !== undefined && steps && origin) {
    try {
      stored = await (await import('./stored-value.ts')).storedValue(url, steps, origin);
    } catch (error) {
      io.tell(`The database was not asked: ${(error as Error).message}\n`);
    }
  }
  const lines =
    origin &&
    explainPath(path, {
      snapshot,
      origin,
      lookup: environment,
      overrides: overridesAsPaths(overridesOf(flags, io), io.env, flags),
      ...(stored && { stored }),
    });
  if (!lines) {
    io.tell(`There is no ${path} in a configuration. Write it as router_settings.num_retries, or model_list[0].litellm_params.\n`);
    return 1;
  }
  io.out(`${lines.join('\n')}\n`);
  return 0;
};

/** `sluice config schema`. */
export const configSchema = async (io: Io): Promise<number> => {
  const { configJsonSchema } = await import('../config/schema/json-schema.ts');
  io.out(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
  return 0;
};

/** `12 deployments of 5 models, and what 2 sources find.` */
export const summary = ({ deployments, discovery }: Pick<ConfigSnapshot, 'deployments' | 'discovery'>): string => {
  const models = new Set(deployments.map((each) => each.modelName)).size;
  const found =
    discovery.length === 0 ? '' : `, and what ${discovery.length === 1 ? 'a source finds' : `${discovery.length} sources find`}`;
  return `${deployments.length} ${deployments.length === 1 ? 'deployment' : 'deployments'} of ${models} ${models === 1 ? 'model' : 'models'}${found}.`;
};

/** JSON has no patterns. */
const shown = (_: string, value: unknown): unknown => (value instanceof RegExp ? String(value) : value);

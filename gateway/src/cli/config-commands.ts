import { formatProblem } from '../config/problem.ts';
import type { ConfigSnapshot } from '../config/snapshot.ts';
import { readConfig } from './config-file.ts';
import { findingLines } from './findings.ts';
import type { Io } from './io.ts';

type Options = { io: Io; providers: Iterable<string> };

/** `sluice config check FILE`: every mistake. Exit code 1 if there is one. */
export const configCheck = async (file: string, json: boolean, { io, providers }: Options): Promise<number> => {
  const { loaded } = await readConfig(file, { io, providers });
  if (json) {
    const { notes = [], warnings = [], unsetVariables = [] } = loaded.ok ? loaded.snapshot : {};
    io.out(`${JSON.stringify({ ok: loaded.ok, problems: loaded.ok ? [] : loaded.problems, warnings, notes, unsetVariables }, null, 2)}\n`);
    return loaded.ok ? 0 : 1;
  }
  if (!loaded.ok) {
    const { problems } = loaded;
    io.out(`${problems.map(formatProblem).join('\n')}\n`);
    io.tell(`${problems.length} ${problems.length === 1 ? 'mistake' : 'mistakes'}.\n`);
    return 1;
  }
  for (const line of findingLines(loaded.snapshot)) io.out(`${line}\n`);
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

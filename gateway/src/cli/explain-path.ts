import { placeOfSetting } from '../config/stored/join-setting.ts';
import { mask } from '../config/stored/secret-members.ts';
import { placeText, type ConfigOrigin } from '../config/origin.ts';
import type { Path } from '../config/problem.ts';
import { referenceName, type Lookup } from '../config/references.ts';
import { configJsonSchema, type JsonSchema } from '../config/schema/json-schema.ts';
import type { ConfigSnapshot, LogLevel } from '../config/snapshot.ts';
import type { Overrides } from '../config/build.ts';

/** `model_list[0].litellm_params.api_key` -> its steps. Undefined: no path. */
export const stepsOf = (text: string): Path | undefined => {
  const steps: (string | number)[] = [];
  let rest = text;
  while (rest !== '') {
    const [whole, index, quoted, name] = /^(?:\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|\.?([^.[\]]+))/.exec(rest) ?? [];
    if (whole === undefined) return undefined;
    steps.push(index === undefined ? (name ?? (JSON.parse(`"${quoted!}"`) as string)) : Number(index));
    rest = rest.slice(whole.length);
  }
  return steps.length > 0 ? steps : undefined;
};

/** What the database says of a path. */
export interface StoredSays {
  /** `undefined`: nothing. Sealed members are as they are stored. */
  readonly value: unknown;
}

export interface ExplainOptions {
  readonly snapshot: ConfigSnapshot;
  readonly origin: ConfigOrigin;
  readonly lookup: Lookup;
  /** Of the command line and the environment. */
  readonly overrides: readonly Override[];
  /** Absent: no database was asked. */
  readonly stored?: StoredSays;
}

/** Something that wins over the file. */
export interface Override {
  readonly path: string;
  readonly value: unknown;
  /** `--log-level`, `SLUICE_LOG` */
  readonly from: string;
}

/** Lines that say a value, where it comes from, and what else says something that does not count. Undefined: there is no such path. */
export const explainPath = (
  path: string,
  { origin, lookup, overrides, stored, snapshot }: ExplainOptions,
): readonly string[] | undefined => {
  const steps = stepsOf(path);
  if (!steps) return undefined;
  const override = overrides.find((each) => each.path === path);
  const place = origin.placeOf(steps) ?? (steps.length === 2 ? placeOfSetting(origin, path) : undefined);
  const written = origin.written(steps);
  const field = fieldAt(steps);
  const ofFile = place && `${placeText(place)}${place.file === snapshot.file ? '' : ' (included)'}`;
  const drift =
    stored?.value !== undefined && place ? [`  but: the database says ${shown(steps, stored.value, origin)}, which does not count`] : [];
  if (override)
    return [
      `${path}: ${shown(steps, override.value, origin)}`,
      `  from: ${override.from}, which wins over all else`,
      ...(ofFile === undefined ? [] : [`  but: ${ofFile} says ${shown(steps, written, origin)}, which does not count`]),
      ...drift,
    ];
  if (place) {
    // Under another of its names.
    if (written === undefined) return [`${path}: said under another name`, `  from: ${ofFile}`, ...drift];
    const name = referenceName(written);
    const lines = [`${path}: ${shown(steps, written, origin)}`, `  from: ${ofFile}`];
    if (name === undefined) return [...lines, ...drift];
    return [...lines, `  variable: ${name}, which is ${lookup(name) ? 'set' : 'not set'}${ownVariable(origin, name)}`, ...drift];
  }
  if (stored?.value !== undefined) return [`${path}: ${shown(steps, stored.value, origin)}`, '  from: the database'];
  // What is in no entry has no default of its own.
  if (!field || (steps.some((step) => typeof step === 'number') && !origin.placeOf(steps.slice(0, 2)))) return undefined;
  const fallback = field['default'];
  return [`${path}: ${fallback === undefined ? 'not set' : JSON.stringify(fallback)}`, '  from: the default'];
};

const ownVariable = (origin: ConfigOrigin, name: string): string => {
  const place = origin.placeOf(['environment_variables', name]);
  return place ? ` by the file itself (${placeText(place)})` : '';
};

/** Secrets are masked by their names, so the last one is kept around the value. */
const shown = (steps: Path, value: unknown, origin: ConfigOrigin): string => {
  const key = steps.findLast((step) => typeof step === 'string') as string;
  const masked = (origin.masked({ [key]: value }) as Record<string, unknown>)[key];
  return JSON.stringify(masked, (_, item: unknown) => (item === mask ? '[secret]' : item)) ?? 'not set';
};

const fieldAt = (steps: Path): Record<string, unknown> | undefined => {
  let found: JsonSchema | undefined = configJsonSchema();
  for (const step of steps) {
    found = (typeof step === 'number' ? found?.items : found?.properties?.[step]) as JsonSchema | undefined;
    if (!found) return undefined;
  }
  return found as Record<string, unknown> | undefined;
};

/** What the command line and the environment set above the file. */
export const overridesAsPaths = (
  overrides: Overrides,
  env: Readonly<Record<string, string | undefined>>,
  flags: { logLevel?: string | undefined },
): readonly Override[] => {
  const all: Override[] = [];
  if (overrides.requestTimeoutMs !== undefined)
    all.push({ path: 'router_settings.timeout', value: overrides.requestTimeoutMs / 1000, from: '--request-timeout' });
  if (overrides.dropParams !== undefined)
    all.push({ path: 'litellm_settings.drop_params', value: overrides.dropParams, from: '--drop-params' });
  if (overrides.logLevel !== undefined) {
    const from = flags.logLevel === undefined ? (env['SLUICE_LOG'] ? 'SLUICE_LOG' : 'LITELLM_LOG') : '--log-level';
    all.push({ path: 'sluice_settings.log_level', value: overrides.logLevel satisfies LogLevel, from });
  }
  return all;
};

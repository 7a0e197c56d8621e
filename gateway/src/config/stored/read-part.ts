import type { ConfigOrigin, PartRead, ReadPart } from '../origin.ts';
import { referenceName } from '../references.ts';
import type { Path, Problem } from '../problem.ts';
import { joinSetting } from './join-setting.ts';
import type { StoredCredential, StoredModel, StoredSetting } from './stored-parts.ts';
import { storedSource } from './stored-source.ts';
import type { StoredDrift, StoredKind } from './stored-view.ts';
import { publicNameOf, teamModelName } from './team-model-name.ts';

/** Something of the database, read and checked as a file is. */
export interface Part extends ReadPart {
  readonly kind: StoredKind;
  readonly id: string;
  readonly model?: StoredModel;
}

/** Notes what is left out, and why. */
export type Fail = (kind: StoredKind, id: string, message: string, decryptionFailed?: boolean) => undefined;

const cannotOpen = 'It cannot be opened: ';

/**
 * What was read of a model stays the same as long as it and the file do: a change costs what has changed. Both are the
 * keys, so that what is gone is forgotten.
 */
const known = new WeakMap<ConfigOrigin, WeakMap<StoredModel, PartRead>>();

const readModel = (origin: ConfigOrigin, model: StoredModel, make: () => PartRead): PartRead => {
  let parts = known.get(origin);
  if (!parts) known.set(origin, (parts = new WeakMap()));
  let part = parts.get(model);
  if (!part) parts.set(model, (part = make()));
  return part;
};

const read = (
  origin: ConfigOrigin,
  kind: StoredKind,
  id: string,
  value: Readonly<Record<string, unknown>>,
  inside: Path,
  fail: Fail,
): ReadPart | undefined => {
  return partOf(origin.read(storedSource(kind, id, value, inside)), kind, id, fail);
};

const partOf = (done: PartRead, kind: StoredKind, id: string, fail: Fail): ReadPart | undefined =>
  done.ok ? { ...done.part, file: { ...done.part.file, beside: true } } : fail(kind, id, done.problems.map(problemText).join('; '));

export const problemText = ({ path, message, suggestion }: Problem): string =>
  `${path === '' ? '' : `${path}: `}${message}${suggestion === undefined ? '' : ` (did you mean ${suggestion}?)`}`;

export const credentialPart = (given: StoredCredential, origin: ConfigOrigin, drift: StoredDrift[], fail: Fail): Part | undefined => {
  const { name, values, sealedBecause } = given;
  const place = origin.placeInList(['credential_list'], (entry) => entry['credential_name'] === name);
  if (place) {
    drift.push({ kind: 'credential', id: name, place });
    return undefined;
  }
  if (sealedBecause !== undefined) return fail('credential', name, cannotOpen + sealedBecause, true);
  const value = { credential_list: [{ credential_name: name, credential_values: values }] };
  const part = read(origin, 'credential', name, value, ['credential_list', 0], fail);
  return part && { ...part, kind: 'credential', id: name };
};

export const modelPart = (
  model: StoredModel,
  origin: ConfigOrigin,
  { usable, closed }: { usable: ReadonlySet<string>; closed: ReadonlySet<string> },
  fail: Fail,
): Part | undefined => {
  const { id, params, info, teamId, blocked, isolated, sealedBecause } = model;
  if (sealedBecause !== undefined) return fail('model', id, cannotOpen + sealedBecause, true);
  if (isolated && holdsReference(params)) return fail('model', id, 'It refers to the environment of the gateway, and may not.');
  const name = params['litellm_credential_name'];
  if (typeof name === 'string' && !usable.has(name)) {
    if (closed.has(name)) return fail('model', id, `The credential ${JSON.stringify(name)} cannot be opened.`);
    if (!origin.placeInList(['credential_list'], (entry) => entry['credential_name'] === name))
      return fail('model', id, `There is no credential ${JSON.stringify(name)}.`);
  }
  const entry = () => ({
    model_name: teamId === undefined ? model.modelName : teamModelName(teamId, publicNameOf(model.modelName, info)),
    litellm_params: params,
    model_info: { ...info, id },
    ...(blocked && { blocked }),
  });
  const done = readModel(origin, model, () => origin.read(storedSource('model', id, { model_list: [entry()] }, ['model_list', 0])));
  const part = partOf(done, 'model', id, fail);
  return part && { ...part, kind: 'model', id, model };
};

export const settingPart = (setting: StoredSetting, origin: ConfigOrigin, drift: StoredDrift[], fail: Fail): Part | undefined => {
  const { path, sealedBecause } = setting;
  if (sealedBecause !== undefined) return fail('setting', path, cannotOpen + sealedBecause, true);
  const joined = joinSetting(origin, setting);
  drift.push(...joined.drift);
  if (joined.value === undefined) return undefined;
  const [section, key] = splitPath(path);
  if (key === '') return fail('setting', path, 'It is no setting.');
  const part = read(origin, 'setting', path, { [section]: { [key]: joined.value } }, [], fail);
  return part && { ...part, kind: 'setting', id: path };
};

const splitPath = (path: string): [section: string, key: string] => {
  const dot = path.indexOf('.');
  return dot === -1 ? [path, ''] : [path.slice(0, dot), path.slice(dot + 1)];
};

const holdsReference = (value: unknown): boolean => {
  if (typeof value === 'string') return referenceName(value) !== undefined;
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsReference);
};

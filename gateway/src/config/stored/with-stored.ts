import { shortHash } from '../hash.ts';
import type { ConfigOrigin } from '../origin.ts';
import type { ConfigSnapshot, Deployment } from '../snapshot.ts';
import { credentialPart, modelPart, problemText, settingPart, type Fail, type Part } from './read-part.ts';
import { isEmpty, type StoredParts } from './stored-parts.ts';
import type { StoredDrift, StoredProblem, StoredView } from './stored-view.ts';
import { publicNameOf } from './team-model-name.ts';

/**
 * The file's snapshot with what the database has joined to it, by the code that reads files: the same checks, the same
 * types. The file wins where both say a thing. What does not hold is left out and told in `stored`; it never takes the rest
 * down. Pure, and never throws.
 * @param origin what the snapshot was made of; for one of no file, that of an empty file
 */
export const withStored = (snapshot: ConfigSnapshot, stored: StoredParts, origin = snapshot.origin): ConfigSnapshot => {
  if (isEmpty(stored)) return snapshot;
  const problems: StoredProblem[] = [];
  const drift: StoredDrift[] = [];
  if (!origin) {
    problems.push({ kind: 'setting', id: '', message: 'The configuration cannot be joined to the database.', decryptionFailed: false });
    return Object.freeze({ ...snapshot, stored: view(stored, problems, drift, origin) });
  }
  const fail: Fail = (kind, id, message, decryptionFailed = false) => {
    problems.push({ kind, id, message, decryptionFailed });
    return undefined;
  };
  const credentials = stored.credentials.flatMap((each) => credentialPart(each, origin, drift, fail) ?? []);
  const usable = new Set(credentials.map(({ id }) => id));
  const closed = new Set(stored.credentials.filter(({ sealedBecause }) => sealedBecause !== undefined).map(({ name }) => name));
  const taken = new Set(snapshot.deployments.map(({ id }) => id));
  const models = stored.models.flatMap((each) => {
    if (!taken.has(each.id)) return modelPart(each, origin, { usable, closed }, fail) ?? [];
    const place = origin.placeInList(['model_list'], (entry) => (entry['model_info'] as { id?: unknown } | undefined)?.id === each.id);
    if (place) drift.push({ kind: 'model', id: each.id, place });
    else fail('model', each.id, 'A deployment of the configuration file has this id, and holds.');
    return [];
  });
  const settings = stored.settings.flatMap((each) => settingPart(each, origin, drift, fail) ?? []);

  const { built, parts } = build(origin, [...credentials, ...models, ...settings], stored.version, fail);
  if (!built) return Object.freeze({ ...snapshot, stored: view(stored, problems, drift, origin) });
  const marks = marksOf(parts);
  const added = built.deployments.filter(({ id }) => marks.has(id)).map((each) => Object.freeze({ ...each, ...marks.get(each.id) }));
  const own = built.deployments.filter(({ id }) => !marks.has(id));
  const ofFile = snapshot.origin !== undefined;
  const base = ofFile || settings.length > 0 ? built : snapshot;
  return Object.freeze({
    ...base,
    file: snapshot.file,
    ...(snapshot.origin && { origin: snapshot.origin }),
    // Modules are loaded once the file is read, and a start without a file has what the environment has keys for.
    providers: snapshot.providers,
    ...(snapshot.authHooks && { authHooks: snapshot.authHooks }),
    version: shortHash([snapshot.version, built.version], 12),
    deployments: Object.freeze([...(ofFile ? own : snapshot.deployments), ...added]),
    aliases: ofFile ? built.aliases : Object.freeze({ ...built.aliases, ...snapshot.aliases }),
    stored: view(stored, problems, drift, origin),
  });
};

const view = (
  { version, models }: StoredParts,
  problems: readonly StoredProblem[],
  drift: readonly StoredDrift[],
  origin: ConfigOrigin | undefined,
): StoredView =>
  Object.freeze({
    version,
    // Nothing is shown that cannot be masked.
    models: Object.freeze(
      (origin ? models : []).map(({ id, modelName, params, info, teamId, blocked }) =>
        Object.freeze({ id, modelName, params: origin!.masked(params), info, teamId, blocked }),
      ),
    ),
    problems: Object.freeze(problems),
    drift: Object.freeze(drift),
  });

/** What only shows once all is joined leaves out what it is about, and the rest is built again. */
const build = (
  origin: ConfigOrigin,
  all: readonly Part[],
  version: string,
  fail: Fail,
): { built: ConfigSnapshot | undefined; parts: readonly Part[] } => {
  let parts = all;
  try {
    for (;;) {
      const done = origin.build(parts, [version]);
      if (done.ok) return { built: done.snapshot, parts };
      const bad = new Map(done.problems.map((problem) => [problem.file, problem]));
      const kept = parts.filter(({ file }) => !bad.has(file.source.file));
      for (const { kind, id, file } of parts) {
        const problem = bad.get(file.source.file);
        if (problem) fail(kind, id, problemText(problem));
      }
      if (kept.length === parts.length) return unbuilt(fail, done.problems[0] && problemText(done.problems[0]));
      parts = kept;
    }
  } catch (cause) {
    return unbuilt(fail, cause instanceof Error ? cause.message : String(cause));
  }
};

const unbuilt = (fail: Fail, why = 'for no known reason') => {
  fail('setting', '', `Nothing of the database is served: ${why}`);
  return { built: undefined, parts: [] };
};

type Marks = Pick<Deployment, 'stored' | 'team' | 'isolated'>;

/** By the ids of the deployments: an entry with a list of organisations is several. */
const marksOf = (parts: readonly Part[]): ReadonlyMap<string, Marks> =>
  new Map(
    parts.flatMap(({ model }) => {
      if (!model) return [];
      const { id, params, info, teamId, isolated } = model;
      const organizations = Array.isArray(params['organization']) ? params['organization'].length : 1;
      const marks: Marks = {
        stored: true,
        ...(teamId !== undefined && { team: Object.freeze({ id: teamId, publicName: publicNameOf(model.modelName, info) }) }),
        ...(isolated && { isolated: true as const }),
      };
      return organizations > 1
        ? Array.from({ length: organizations }, (_, at): [string, Marks] => [`${id}-${at + 1}`, marks])
        : [[id, marks] as [string, Marks]];
    }),
  );

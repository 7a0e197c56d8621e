import { isNotBuilt, note, type Findings } from './issues.ts';
import { notBuilt, openaiParams, vendorParams } from './known-litellm.ts';
import { misspelt, nearest } from './nearest.ts';
import type { Path } from './problem.ts';
import { isPriceField } from './prices.ts';
import { looksSecret } from './references.ts';
import { paramNames, requestFields } from './schema/litellm-params.ts';
import { modelInfoNames } from './schema/model-list.ts';
import type { Source } from './source.ts';

type Mapping = Readonly<Record<string, unknown>>;

const own: ReadonlySet<string> = new Set(paramNames);
const request: ReadonlySet<string> = new Set([...requestFields, ...openaiParams, ...vendorParams]);
const known: readonly string[] = [...paramNames, ...openaiParams, ...vendorParams, ...notBuilt.litellm_params];

/** The clouds' own, of which LiteLLM has more than are built: what is nearly one of ours, or its beginning, is no other. */
const clouds = paramNames.filter((name) => /^(?:aws|vertex)_/.test(name));

/** The name that was surely meant. */
const meant = (key: string): string | undefined =>
  /^(?:aws|vertex)_/.test(key)
    ? (misspelt(key, clouds) ?? (/^[a-z]+_[a-z]{4}/.test(key) ? clouds.find((name) => name.startsWith(`${key}_`)) : undefined))
    : isNotBuilt('litellm_params', key)
      ? undefined
      : misspelt(key, known);

/**
 * What a member of `litellm_params` is. LiteLLM sends whatever it does not know to the provider, so does Sluice, but
 * says so; what is nearly a known name is a mistake, and what looks like a credential is not put into a request's body.
 */
const kindOf = (key: string): 'own' | 'request' | 'not-built' | 'misspelt' | 'secret' | 'passed-through' => {
  if (request.has(key)) return 'request';
  if (own.has(key) || isPriceField(key)) return 'own';
  if (meant(key) !== undefined && !notBuilt.litellm_params.includes(key)) return 'misspelt';
  if (isNotBuilt('litellm_params', key)) return 'not-built';
  return looksSecret(key) ? 'secret' : 'passed-through';
};

/** The members that go to the provider as defaults of its requests. */
export const requestParams = (params: Mapping): string[] =>
  Object.keys(params).filter((key) => {
    const kind = kindOf(key);
    return kind === 'request' || kind === 'passed-through';
  });

/** Members of ours that a request's body may hold as well. */
const ofRequestsToo: ReadonlySet<string> = new Set(['timeout', 'stream_timeout', 'num_retries', 'drop_params', 'tags', 'mock_response']);

/** Whether a member says how a deployment is reached, so that it has no place in a request. */
export const notOfRequests = (key: string): boolean => {
  if (ofRequestsToo.has(key)) return false;
  const kind = kindOf(key);
  return kind === 'own' || kind === 'secret';
};

const secretAdvice =
  'unknown, and not sent to the provider because it looks like a credential; if the provider wants it, set it in `extra_headers` or `extra_body`';

/** Looks at the mappings in which unknown names are allowed. Works on the file as it is written, whatever else is wrong with it. */
export const checkParams = (source: Source, findings: Findings): void => {
  const root = source.value as Mapping;
  for (const [path, entry] of templates(root)) {
    checkNames(source, [...path, 'litellm_params'], entry['litellm_params'], findings);
    checkModelInfo(source, [...path, 'model_info'], entry['model_info'], findings);
  }
  for (const [at, entry] of items(root['credential_list'])) {
    checkNames(source, ['credential_list', at, 'credential_values'], entry['credential_values'], findings);
  }
  const router = root['router_settings'];
  if (isMapping(router)) checkNames(source, ['router_settings', 'default_litellm_params'], router['default_litellm_params'], findings);
};

/**
 * Every `litellm_credential_name` must be in some file's `credential_list`, or in the database, which nobody has asked yet:
 * what is near a name of the files is a misspelling, and anything else is said, and not served until it is there.
 */
export const checkCredentialNames = (sources: readonly Source[], findings: Findings): void => {
  const roots = sources.map((source) => ({ source, root: source.value as Mapping }));
  const names = roots.flatMap(({ root }) => [...items(root['credential_list'])].map(([, entry]) => String(entry['credential_name'])));
  for (const { source, root } of roots) {
    for (const [path, entry] of templates(root)) {
      const params = entry['litellm_params'];
      const name = isMapping(params) ? params['litellm_credential_name'] : undefined;
      if (typeof name !== 'string' || names.includes(name)) continue;
      const suggestion = nearest(name, names);
      const place = [...path, 'litellm_params', 'litellm_credential_name'];
      // What finds deployments begins with its template, and has no second chance.
      if (suggestion !== undefined || path[0] !== 'model_list')
        findings.problems.push(source.problem(place, 'is not in `credential_list`', suggestion === undefined ? {} : { suggestion }));
      else {
        const message = 'is not in `credential_list`: what names it is not served until the database has such a credential';
        findings.warnings.push(note(source, place, 'other', `litellm_credential_name ${name}`, message));
      }
    }
  }
};

const checkNames = (source: Source, path: Path, params: unknown, findings: Findings) => {
  if (!isMapping(params)) return;
  for (const key of Object.keys(params)) {
    const place = [...path, key];
    const name = `litellm_params.${key}`;
    const kind = kindOf(key);
    if (kind === 'not-built' || kind === 'passed-through') findings.notes.push(note(source, place, kind, name));
    else if (kind === 'secret') findings.warnings.push(note(source, place, 'other', name, secretAdvice));
    else if (kind === 'misspelt') findings.problems.push(source.problem(place, 'unknown key', { what: 'key', suggestion: meant(key)! }));
  }
};

/** Names in `model_info` that are near one of ours and mean something else. */
const otherInfo = new Set(['model', 'models', 'modes', 'ids', 'height', 'base_models']);

const checkModelInfo = (source: Source, path: Path, info: unknown, findings: Findings) => {
  if (!isMapping(info)) return;
  for (const key of Object.keys(info)) {
    if ((modelInfoNames as readonly string[]).includes(key) || otherInfo.has(key)) continue;
    if (isNotBuilt('model_info', key)) findings.notes.push(note(source, [...path, key], 'not-built', `model_info.${key}`));
    const suggestion = misspelt(key, modelInfoNames);
    if (suggestion !== undefined) findings.problems.push(source.problem([...path, key], 'unknown key', { what: 'key', suggestion }));
  }
};

/** What says how deployments are reached: those of the list, and those that are found. */
const templates = function* (root: Mapping): Generator<[Path, Mapping]> {
  for (const [at, entry] of items(root['model_list'])) yield [['model_list', at], entry];
  const sluice = root['sluice_settings'];
  for (const [at, entry] of items(isMapping(sluice) ? sluice['discovery'] : undefined)) yield [['sluice_settings', 'discovery', at], entry];
};

const items = function* (list: unknown): Generator<[number, Mapping]> {
  if (!Array.isArray(list)) return;
  for (const [at, item] of list.entries()) if (isMapping(item)) yield [at, item];
};

const isMapping = (value: unknown): value is Mapping => typeof value === 'object' && value !== null && !Array.isArray(value);

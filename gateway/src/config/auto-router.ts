import { complexityTiers } from 'sluice/kit';
import type { z } from 'zod';
import { defined } from './defined.ts';
import { note, type Findings } from './issues.ts';
import type { Located, Merged } from './merge.ts';
import { misspelt } from './nearest.ts';
import type { Path } from './problem.ts';
import type { ReadInclude } from './read-files.ts';
import { complexityConfig, complexityNames, semanticConfig } from './schema/auto-router.ts';
import type { PartialParams } from './schema/litellm-params.ts';
import type { ModelEntry } from './schema/model-list.ts';
import type { AutoRouter, ComplexityRouter, SemanticRouter } from './auto-router-snapshot.ts';
import type { Source } from './source.ts';

interface Context {
  source: Source;
  /** Of the entry's `litellm_params`. */
  path: Path;
  findings: Findings;
  readInclude: ReadInclude | undefined;
  /** Filled: texts of the files that were read, for the version. */
  texts: string[];
}

const prefix = 'auto_router/';
/** LiteLLM has more kinds of it; these are not built. */
const otherKinds = /^auto_router\/(?:adaptive|quality|capability|best_of_n)_router/;

/** Whether a model is a choice of models. */
export const isAutoRouter = (model: string): boolean => model.startsWith(prefix) && !otherKinds.test(model);

/** What was made of the entries that are auto-routers, and the texts of the files that they name. */
export interface AutoRouters {
  byEntry: ReadonlyMap<Located<ModelEntry>, AutoRouter>;
  texts: readonly string[];
}

/** Before all else is built, as the files that they name are part of the configuration's version. */
export const readAutoRouters = (merged: Merged, findings: Findings, readInclude: ReadInclude | undefined): AutoRouters => {
  const byEntry = new Map<Located<ModelEntry>, AutoRouter>();
  const texts: string[] = [];
  for (const entry of merged.models) {
    const { litellm_params: params } = entry.value;
    if (!isAutoRouter(params.model)) continue;
    const path = [...entry.path, 'litellm_params'];
    const router = autoRouterOf(params.model, params, { source: entry.source, path, findings, readInclude, texts });
    if (router) byEntry.set(entry, router);
  }
  return { byEntry, texts };
};

/** Undefined where something is wrong, which is among the problems then. */
const autoRouterOf = (model: string, params: PartialParams, context: Context): AutoRouter | undefined =>
  model.startsWith(`${prefix}complexity_router`) ? complexityOf(params, context) : semanticOf(params, context);

const semanticOf = (params: PartialParams, context: Context): SemanticRouter | undefined => {
  const { auto_router_default_model: defaultModel, auto_router_embedding_model: embeddingModel } = params;
  if (defaultModel === undefined) fail(context, ['model'], 'needs `auto_router_default_model`');
  if (embeddingModel === undefined) fail(context, ['model'], 'needs `auto_router_embedding_model`');
  const key = params.auto_router_config_path === undefined ? 'auto_router_config' : 'auto_router_config_path';
  const given =
    params.auto_router_config_path === undefined ? params.auto_router_config : readFile(params.auto_router_config_path, context);
  if (given === undefined) {
    if (key === 'auto_router_config') fail(context, ['model'], 'needs `auto_router_config` or `auto_router_config_path`');
    return undefined;
  }
  const config = check(semanticConfig, given, key, context);
  if (config === undefined || defaultModel === undefined || embeddingModel === undefined) return undefined;
  return {
    kind: 'semantic',
    routes: config.routes.map(({ name, utterances, description, score_threshold: scoreThreshold }) =>
      defined<SemanticRouter['routes'][number]>({
        name,
        utterances,
        description: description ?? undefined,
        scoreThreshold: scoreThreshold ?? undefined,
      }),
    ),
    defaultModel,
    embeddingModel,
  };
};

const complexityOf = (params: PartialParams, context: Context): ComplexityRouter | undefined => {
  const key = 'complexity_router_config';
  const config = check(complexityConfig, params.complexity_router_config ?? {}, key, context);
  if (config === undefined) return undefined;
  noteUnbuilt(config, key, context);
  const defaultModel = params.complexity_router_default_model ?? config.default_model ?? undefined;
  const tiers: Partial<Record<(typeof complexityTiers)[number], string[]>> = {};
  for (const tier of complexityTiers) {
    const names = config.tiers?.[tier];
    if (names !== undefined) tiers[tier] = [names].flat();
    else if (defaultModel === undefined) fail(context, ['model'], `has no model for ${tier}, and no \`complexity_router_default_model\``);
  }
  return defined<ComplexityRouter>({
    kind: 'complexity',
    tiers,
    defaultModel,
    boundaries: defined({
      simpleMedium: config.tier_boundaries?.simple_medium,
      mediumComplex: config.tier_boundaries?.medium_complex,
      complexReasoning: config.tier_boundaries?.complex_reasoning,
    }),
    tokenThresholds: defined({ simple: config.token_thresholds?.simple, complex: config.token_thresholds?.complex }),
    weights: defined(config.dimension_weights ?? {}) as Record<string, number>,
    keywords: defined<ComplexityRouter['keywords']>({
      code: config.code_keywords ?? undefined,
      reasoning: config.reasoning_keywords ?? undefined,
      technical: config.technical_keywords ?? undefined,
      moreTechnical: config.custom_technical_keywords ?? undefined,
      simple: config.simple_keywords ?? undefined,
    }),
  });
};

/** What LiteLLM's later versions know besides, and classifiers other than its first one. */
const noteUnbuilt = (config: Readonly<Record<string, unknown>>, key: string, context: Context): void => {
  const { source, path, findings } = context;
  for (const name of Object.keys(config)) {
    const place = [...path, key, name];
    if (complexityNames.includes(name)) {
      const type = config['classifier_type'];
      if (name === 'classifier_type' && typeof type === 'string' && type !== 'heuristic')
        findings.notes.push(note(source, place, 'not-built', `${key}.${name}`, '`heuristic` is what holds'));
      continue;
    }
    const meant = misspelt(name, complexityNames);
    if (meant === undefined) findings.notes.push(note(source, place, 'not-built', `${key}.${name}`));
    else findings.problems.push(source.problem(place, 'unknown key', { what: 'key', suggestion: meant }));
  }
};

/** Relative to the file that names it, as an `include` is. Undefined where it cannot be read. */
const readFile = (name: string, context: Context): unknown => {
  const { readInclude, source, texts } = context;
  if (!readInclude) return fail(context, ['auto_router_config_path'], 'cannot be read here: the configuration is not a file');
  try {
    const { text } = readInclude(name, source.file);
    texts.push(text);
    return text;
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    return fail(context, ['auto_router_config_path'], `cannot be read${typeof code === 'string' ? ` (${code})` : ''}`);
  }
};

const check = <T>(schema: z.ZodType<T>, given: unknown, key: string, context: Context): T | undefined => {
  let value = given;
  if (typeof value === 'string') {
    try {
      value = JSON.parse(value);
    } catch {
      return fail(context, [key], 'is not JSON');
    }
  }
  const checked = schema.safeParse(value, { jitless: true });
  if (checked.success) return checked.data;
  // A mapping has its places in the file; JSON in a text or a file has not, so the message says where in it.
  const written = typeof given !== 'string';
  for (const issue of checked.error.issues) {
    const inner = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
    const where = written || inner.length === 0 ? '' : `${inner.join('.')}: `;
    fail(context, written ? [key, ...inner] : [key], `${where}${messageOf(issue)}`);
  }
  return undefined;
};

const messageOf = (issue: z.core.$ZodIssue): string => {
  switch (issue.code) {
    case 'unrecognized_keys':
      return `unknown key ${issue.keys.join(', ')}`;
    case 'invalid_type':
      return `must be ${issue.expected === 'array' ? 'a list' : `of type ${issue.expected}`}`;
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array' ? 'must not be empty' : `must be at least ${issue.minimum}`;
    case 'too_big':
      return `must be at most ${issue.maximum}`;
    default:
      return 'is of the wrong kind';
  }
};

const fail = ({ source, path, findings }: Context, inner: Path, message: string): undefined => {
  findings.problems.push(source.problem([...path, ...inner], message));
  return undefined;
};

/** The model names that it may send calls to. */
export const targetsOfAutoRouter = (router: AutoRouter): string[] =>
  router.kind === 'semantic'
    ? [router.defaultModel, ...router.routes.map(({ name }) => name)]
    : [...(router.defaultModel === undefined ? [] : [router.defaultModel]), ...Object.values(router.tiers).flat()];

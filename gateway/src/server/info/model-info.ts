import { infoOf, parametersOf, SluiceError, type ModelInfo } from 'sluice/kit';
import type { Principal } from '../../access/principal.ts';
import { isKeptModel } from '../../config/schema/kept-settings.ts';
import { searchToolOf } from '../../config/schema/search-tools.ts';
import type { Deployment } from '../../config/snapshot.ts';
import type { StoredModelView, StoredView } from '../../config/stored/stored-view.ts';
import type { Live } from '../../pipeline/live.ts';
import { modelAccessOf } from '../../pipeline/model-rights.ts';

/* What LiteLLM's `/model/info` and `/model_group/info` tell (its OpenAPI, read 2026-11-22). No key and no address is among it. */

interface Known {
  deployment: Deployment;
  provider: string | undefined;
  info: ModelInfo | undefined;
}

const known = (live: Live, deployment: Deployment, at: number, model = deployment.model): Known => {
  const provider = live.providerOf(deployment) ?? deployment.provider;
  const row = provider === undefined ? undefined : live.prices.rowOf(deployment, provider, model, at);
  return { deployment, provider, info: row && infoOf(row, at) };
};

/** Deployments that clients are told of. */
const shown = ({ snapshot }: Live): Deployment[] =>
  snapshot.deployments.filter(({ modelName }) => searchToolOf(modelName) === undefined && !isKeptModel(modelName));

const entryOf = ({ deployment, provider, info }: Known): object => ({
  model_name: deployment.team?.publicName ?? deployment.modelName,
  litellm_params: {
    model: provider === undefined ? deployment.model : `${provider}/${deployment.model}`,
    ...(provider !== undefined && { custom_llm_provider: provider }),
    ...(deployment.weight !== undefined && { weight: deployment.weight }),
    ...(deployment.rpm !== undefined && { rpm: deployment.rpm }),
    ...(deployment.tpm !== undefined && { tpm: deployment.tpm }),
    ...(deployment.itpm !== undefined && { itpm: deployment.itpm }),
    ...(deployment.otpm !== undefined && { otpm: deployment.otpm }),
    ...(deployment.tags.length > 0 && { tags: deployment.tags }),
  },
  model_info: { ...info, ...deployment.modelInfo, id: deployment.id, db_model: deployment.stored ?? false },
});

/**
 * The deployments that a caller may ask for. Administrators also see the parameters of those of the database (secrets as
 * `****`), and which of them are not served, with the reason.
 * @param id one deployment alone
 * @param principal absent: the gateway itself
 * @throws SluiceError `not_found`
 */
export const modelInfos = (live: Live, id: string | undefined, at: number, principal?: Principal): { data: object[] } => {
  const full = principal === undefined || principal.role === 'proxy_admin' || principal.role === 'proxy_admin_viewer';
  const stored = full ? live.snapshot.stored : undefined;
  const access = full ? undefined : modelAccessOf(principal, live);
  const served = shown(live).filter(({ modelName, team }) =>
    team ? full || team.id === principal?.teamId : access?.may(modelName) !== false,
  );
  const ids = new Set(served.map((each) => each.id));
  const views = new Map(stored?.models.map((view) => [view.id, view]));
  const data = served
    .filter((each) => id === undefined || each.id === id)
    .map((each) => withView(entryOf(known(live, each, at)), each.stored && views.get(each.id)));
  for (const view of views.values())
    if (!ids.has(view.id) && !ids.has(`${view.id}-1`) && (id === undefined || view.id === id)) data.push(unserved(view, stored!));
  if (id !== undefined && data.length === 0)
    throw new SluiceError('not_found', `There is no deployment '${id.slice(0, 100)}'.`, { param: 'litellm_model_id' });
  return { data };
};

const withView = (entry: object, view: StoredModelView | undefined): object =>
  view ? { ...entry, litellm_params: { ...(entry as { litellm_params: object }).litellm_params, ...view.params } } : entry;

/** Blocked, or left out because something is wrong with it: never dropped without a word (FP-61). */
const unserved = ({ id, modelName, params, info, blocked }: StoredModelView, { problems }: StoredView): object => {
  const problem = problems.find((each) => each.kind === 'model' && each.id === id);
  return {
    model_name: modelName,
    litellm_params: params,
    model_info: {
      ...info,
      id,
      db_model: true,
      blocked,
      ...(problem && { error: problem.message, decryption_failed: problem.decryptionFailed }),
    },
  };
};

/** Worked out once a deployment: it writes some thirty requests. */
const parameters = new WeakMap<Deployment, readonly string[]>();

export const parametersOfDeployment = (live: Live, deployment: Deployment, model = deployment.model): readonly string[] => {
  const found = parameters.get(deployment);
  if (found && model === deployment.model) return found;
  let names: readonly string[];
  try {
    names = parametersOf(live.targetOf(deployment, model), deployment.mode === 'embedding' ? 'embeddings' : 'chat');
  } catch {
    // It cannot be called as things are (no key), or not for chat: nothing is claimed of it.
    return [];
  }
  if (model === deployment.model) parameters.set(deployment, names);
  return names;
};

/** The most that any of them has: a call goes to the one that can. */
const most = (values: readonly (number | undefined)[]): number | null => {
  const numbers = values.filter((each) => each !== undefined);
  return numbers.length === 0 ? null : Math.max(...numbers);
};

const sum = (values: readonly (number | undefined)[]): number | null => {
  const numbers = values.filter((each) => each !== undefined);
  return numbers.length === 0 ? null : numbers.reduce((all, each) => all + each, 0);
};

const groupOf = (live: Live, name: string, members: readonly { deployment: Deployment; model: string }[], at: number): object => {
  const all = members.map(({ deployment, model }) => known(live, deployment, at, model));
  const of = (field: keyof ModelInfo) => all.map(({ info }) => info?.[field] as number | undefined);
  const can = (field: keyof ModelInfo): boolean =>
    all.some(({ info, deployment }) => (deployment.modelInfo[field] ?? info?.[field]) === true);
  return {
    model_group: name,
    providers: [...new Set(all.flatMap(({ provider }) => provider ?? []))],
    max_input_tokens: most(of('max_input_tokens')),
    max_output_tokens: most(of('max_output_tokens')),
    input_cost_per_token: most(of('input_cost_per_token')),
    output_cost_per_token: most(of('output_cost_per_token')),
    mode: all.map(({ deployment, info }) => deployment.mode ?? info?.mode).find((each) => each !== undefined) ?? null,
    tpm: sum(all.map(({ deployment }) => deployment.tpm)),
    rpm: sum(all.map(({ deployment }) => deployment.rpm)),
    itpm: sum(all.map(({ deployment }) => deployment.itpm)),
    otpm: sum(all.map(({ deployment }) => deployment.otpm)),
    supports_parallel_function_calling: can('supports_parallel_function_calling'),
    supports_vision: can('supports_vision'),
    supports_web_search: can('supports_web_search'),
    supports_url_context: can('supports_url_context'),
    supports_reasoning: can('supports_reasoning'),
    supports_function_calling: can('supports_function_calling'),
    supported_openai_params: [
      ...new Set(members.flatMap(({ deployment, model }) => parametersOfDeployment(live, deployment, model))),
    ].sort(),
    configurable_clientside_auth_params: null,
    is_public_model_group: live.snapshot.publicModelGroups.includes(name),
  };
};

/** @param name one name alone, which a wildcard may take @throws SluiceError `not_found` */
export const modelGroups = (live: Live, name: string | undefined, at: number): { data: object[] } => {
  const names = name === undefined ? [...new Set(shown(live).map(({ modelName }) => modelName))] : [name];
  const data = names.map((each) => {
    // A pattern is no name that could be asked for: its deployments are told as they stand.
    const matched = each.includes('*')
      ? shown(live)
          .filter(({ modelName }) => modelName === each)
          .map((deployment) => ({ deployment, model: deployment.model }))
      : live.router.match(each).map(({ deployment, model }) => ({ deployment: deployment.payload, model }));
    if (matched.length === 0)
      throw new SluiceError('not_found', `The model '${each.slice(0, 100)}' does not exist.`, { param: 'model_group' });
    return groupOf(live, each, matched, at);
  });
  return { data };
};

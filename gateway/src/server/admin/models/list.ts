import { kinds } from '../../../access/records/kinds.ts';
import { isKeptModel } from '../../../config/schema/kept-settings.ts';
import { searchToolOf } from '../../../config/schema/search-tools.ts';
import { modelInfos } from '../../info/model-info.ts';
import { adminRoute } from '../admin-route.ts';
import { modelsQuery, type ModelsQuery } from './schemas.ts';
import { modelEntry } from './shown.ts';
import { seesAll, visibleTo } from './visible.ts';

interface Entry {
  readonly model_name: string;
  readonly litellm_params: Readonly<Record<string, unknown>>;
  readonly model_info: Readonly<Record<string, unknown>>;
}

export const listModels = adminRoute({
  method: 'GET',
  paths: ['/v2/model/info'],
  action: 'models.see',
  query: modelsQuery,
  summary: 'Lists the deployments of the configuration file and of the database, filtered, in pages.',
  about: () => [],
  handle: async ({ query, store, services, principal, now }) => {
    const live = services.live();
    const { snapshot } = live;
    const visible = visibleTo(principal, live);
    const stored = await store.find(kinds.model);
    const ids = new Set(stored.map(({ id }) => id));
    // A deployment of the database is told from its row, also where it is not served.
    const written = snapshot.deployments.filter(
      ({ id, stored: ofDatabase, modelName }) =>
        !ofDatabase && !isKeptModel(modelName) && searchToolOf(modelName) === undefined && !ids.has(id),
    );
    const shown = new Set(written.filter(visible).map(({ id }) => id));
    const full = seesAll(principal);
    const all: Entry[] = [
      ...(modelInfos(live, undefined, now).data as Entry[]).filter(({ model_info }) => shown.has(model_info['id'] as string)),
      ...stored
        .filter(({ data }) => visible({ modelName: data.model_name, teamId: data.team_id }))
        .map((each) => modelEntry(each, snapshot.stored))
        .map((entry) => (full ? entry : { ...entry, litellm_params: { model: entry.litellm_params['model'] } })),
    ];
    const found = sorted(all.filter(matches(query, principal.userId)), query);
    const { page, size } = query;
    return {
      data: found.slice((page - 1) * size, page * size),
      total_count: found.length,
      current_page: page,
      total_pages: Math.ceil(found.length / size),
      size,
    };
  },
});

const matches = (query: ModelsQuery, userId: string | undefined): ((entry: Entry) => boolean) => {
  const search = query.search?.toLowerCase();
  return ({ model_name: name, litellm_params: params, model_info: info }) =>
    (query.model === undefined || name === query.model) &&
    (query.modelId === undefined || info['id'] === query.modelId) &&
    (query.teamId === undefined || info['team_id'] === query.teamId) &&
    (query.include_team_models !== false || info['team_id'] == null) &&
    (!query.user_models_only || (userId !== undefined && info['created_by'] === userId)) &&
    (!query.exclude_auto_routers || !String(params['model']).startsWith('auto_router/')) &&
    (search === undefined || name.toLowerCase().includes(search));
};

const keys = {
  model_name: ({ model_name: name }: Entry) => name,
  created_at: ({ model_info: info }: Entry) => text(info['created_at']),
  updated_at: ({ model_info: info }: Entry) => text(info['updated_at']),
  costs: ({ model_info: info, litellm_params: params }: Entry) =>
    Number(params['input_cost_per_token'] ?? info['input_cost_per_token'] ?? 0),
  status: ({ model_info: info }: Entry) => (info['db_model'] === true ? 1 : 0),
};

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const sorted = (all: readonly Entry[], { sortBy, sortOrder }: ModelsQuery): readonly Entry[] => {
  if (sortBy === undefined) return all;
  const key = keys[sortBy];
  const direction = sortOrder === 'desc' ? -1 : 1;
  return all.toSorted((a, b) => {
    const [one, other] = [key(a), key(b)];
    return one === other ? 0 : (one < other ? -1 : 1) * direction;
  });
};

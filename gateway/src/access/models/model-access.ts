import { SluiceError } from 'sluice/kit';
import type { Principal } from '../principal.ts';
import { lists, type GroupsOf, type ModelList } from './model-list.ts';

/** The lists that apply to a caller, each of which must let a model through. */
const listsOf = (principal: Principal): readonly ModelList[] => {
  const { key, team, user, organization, project, member, tokenModels } = principal;
  const all: ModelList[] = [];
  // A bundle that is gone gives nothing, and so is no reason to give everything.
  const bundlesOf = (ids: readonly string[] | null | undefined) =>
    (ids ?? []).map((id) => principal.bundles.find((bundle) => bundle.id === id)?.data.access_model_names ?? []);
  if (key) all.push({ of: 'key', models: key.data.models, bundles: bundlesOf(key.data.access_group_ids) });
  if (key?.data.object_permission?.models) all.push({ of: 'key', models: orNone(key.data.object_permission.models) });
  if (tokenModels) all.push({ of: 'key', models: orNone(tokenModels) });
  if (team) all.push({ of: 'team', models: team.data.models, bundles: bundlesOf(team.data.access_group_ids) });
  if (team?.data.object_permission?.models) all.push({ of: 'team', models: orNone(team.data.object_permission.models) });
  const ofMember = member?.data.allowed_models ?? team?.data.default_team_member_models;
  if (member && ofMember?.length) all.push({ of: 'team_member', models: ofMember });
  if (project) all.push({ of: 'project', models: project.data.models });
  if (project?.data.object_permission?.models) all.push({ of: 'project', models: orNone(project.data.object_permission.models) });
  // What is given to a team is the team's to give: its members' own lists are for their own keys.
  if (user && !team) {
    all.push({ of: 'user', models: user.data.models });
    if (user.data.object_permission?.models) all.push({ of: 'user', models: orNone(user.data.object_permission.models) });
  }
  if (organization) {
    all.push({ of: 'org', models: organization.data.models });
    if (organization.data.object_permission?.models) all.push({ of: 'org', models: orNone(organization.data.object_permission.models) });
  }
  return all;
};

/** A list that is there and empty gives nothing, where one that is absent gives everything. */
const orNone = (models: readonly string[]): readonly string[] => (models.length === 0 ? ['no-default-models'] : models);

/** Which models a caller may ask for. Answers are kept, bounded, since callers ask for few models many times. */
export class ModelAccess {
  readonly #lists: readonly ModelList[];
  readonly #groupsOf: GroupsOf;
  readonly #known = new Map<string, string | undefined>();

  constructor(principal: Principal, groupsOf: GroupsOf) {
    this.#lists = listsOf(principal);
    this.#groupsOf = groupsOf;
  }

  /** Nothing is said of models, so everything may be asked for. */
  get isOpen(): boolean {
    return this.#lists.every(({ models, bundles }) => models.length === 0 && !bundles?.length);
  }

  /** Who does not let it through: `key`, `team`, ...; undefined: it may be asked for. */
  deniedBy(model: string): string | undefined {
    const known = this.#known.get(model);
    if (known !== undefined || this.#known.has(model)) return known;
    const denied = this.#lists.find((list) => !lists(list, model, this.#groupsOf))?.of;
    if (this.#known.size < maxKnown && model.length <= maxKnownChars) this.#known.set(model, denied);
    return denied;
  }

  may(model: string): boolean {
    return this.deniedBy(model) === undefined;
  }

  /** The same of a model that is the caller's team's own: what the team and its organisation may use of others' does not matter. */
  ownDeniedBy(model: string): string | undefined {
    return this.#lists.find((list) => list.of !== 'team' && list.of !== 'org' && !lists(list, model, this.#groupsOf))?.of;
  }

  /** @param own the model is the caller's team's own @throws SluiceError `authentication`, with LiteLLM's type */
  demand(model: string, own = false): void {
    const by = own ? this.ownDeniedBy(model) : this.deniedBy(model);
    if (by === undefined) return;
    const who = words[by] ?? by;
    const type = `${by === 'project' || by === 'team_member' ? 'team' : by}_model_access_denied`;
    throw new SluiceError(
      'authentication',
      `This ${who} may not use the model '${model.slice(0, 100)}'. GET /v1/models lists those that may be used.`,
      {
        param: 'model',
        type,
      },
    );
  }
}

const maxKnown = 200;
/** Names come from clients, and no model's is longer. */
const maxKnownChars = 256;

const words: Readonly<Record<string, string>> = {
  org: "key's organisation",
  team: "key's team",
  user: "key's user",
  team_member: 'member of the team',
  project: "key's project",
};

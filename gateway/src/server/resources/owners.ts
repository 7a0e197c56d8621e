import { keeps, SluiceError, type ResourceKind } from 'sluice/kit';
import type { Live } from '../../pipeline/live.ts';
import { isKeptModel, isRelayModel, isStoreModel, storeModel } from '../../config/schema/kept-settings.ts';
import type { Deployment } from '../../config/snapshot.ts';
import { usualProvider } from '../usual-provider.ts';

/** What `files_settings` and `finetune_settings` are for: their credentials go before those of models of the same provider. */
const namedFor: ReadonlySet<ResourceKind> = new Set(['files', 'uploads', 'batches', 'fine_tuning']);

/** Each configuration's deployments by what their providers keep; made once. */
const known = new WeakMap<Live, Map<ResourceKind, readonly Deployment[]>>();

/** The deployments that keep things of a kind, those first that are meant where nobody says. */
export const ownersOf = (live: Live, kind: ResourceKind): readonly Deployment[] => {
  let ofLive = known.get(live);
  if (!ofLive) known.set(live, (ofLive = new Map()));
  let owners = ofLive.get(kind);
  if (!owners) {
    const all = live.snapshot.deployments.filter((deployment) => isOwner(live, deployment, kind));
    const rank = ({ provider, modelName }: Deployment): number =>
      (provider === usualProvider ? 0 : 2) + (namedFor.has(kind) && isKeptModel(modelName) ? 0 : 1);
    ofLive.set(kind, (owners = all.toSorted((a, b) => rank(a) - rank(b))));
  }
  return owners;
};

const isOwner = (live: Live, deployment: Deployment, kind: ResourceKind): boolean => {
  if (isRelayModel(deployment.modelName)) return false;
  // What is configured for one vector store keeps nothing else.
  if (isStoreModel(deployment.modelName) && kind !== 'vector_stores') return false;
  try {
    return keeps(live.targetOf(deployment, plainModel(deployment.model)), kind);
  } catch (cause) {
    // A deployment that cannot be called (no key, no such provider) keeps nothing.
    if (SluiceError.is(cause)) return false;
    throw cause;
  }
};

/** A name that a pattern takes, for calls that have no model. */
export const plainModel = (pattern: string): string => pattern.replaceAll('*', '-');

/** What a request says of where it is to go. */
export interface Hints {
  /** From an id of ours. */
  deployment: string | undefined;
  /** A model of the configuration that keeps things of the kind. */
  model: string | undefined;
  /** A provider's id, as LiteLLM's clients say it. */
  provider: string | undefined;
  /** As the client gave it: a vector store of the configuration is where that says. */
  id?: string | undefined;
}

/** Where a call goes. */
export interface Owner {
  deployment: Deployment;
  /**
   * Ids of its answer are made ours, so that they lead back here. Not so where they would lead here anyway, or where the
   * client itself says each time whose they are.
   */
  seals: boolean;
}

/** @throws SluiceError `not_found`, `invalid_request` */
export const ownerOf = (live: Live, kind: ResourceKind, { deployment, model, provider, id }: Hints): Owner => {
  const owners = ownersOf(live, kind);
  const usual = owners[0];
  const words = kind.replaceAll('_', ' ');
  if (deployment !== undefined) {
    const found = owners.find(({ id }) => id === deployment);
    if (!found) throw new SluiceError('not_found', 'What has this id is not here any more: its deployment is gone.', { param: 'id' });
    return { deployment: found, seals: true };
  }
  if (kind === 'vector_stores' && id !== undefined) {
    const registered = owners.find(({ modelName }) => modelName === storeModel(id));
    if (registered) return { deployment: registered, seals: false };
  }
  if (model !== undefined) {
    const ids = new Set(live.router.match(model).map((each) => each.deployment.id));
    const found = owners.find(({ id }) => ids.has(id));
    if (found) return { deployment: found, seals: found !== usual };
  }
  if (provider !== undefined) {
    const found = owners.find((each) => each.provider === provider);
    if (found) return { deployment: found, seals: false };
    const message = `No deployment of '${provider.slice(0, 50)}' that keeps ${words} is configured.`;
    throw new SluiceError('invalid_request', message, { param: 'custom_llm_provider' });
  }
  if (!usual) throw new SluiceError('invalid_request', `No deployment here is of a provider that keeps ${words}.`, { param: 'model' });
  return { deployment: usual, seals: false };
};

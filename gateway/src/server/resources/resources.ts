import {
  callResource,
  encodeForm,
  SluiceError,
  type FormField,
  type JsonObject,
  type OperationAnswer,
  type RelayBody,
  type ResourceKind,
  type ResourceRequest,
} from 'sluice/kit';
import { runCall } from '../../pipeline/call.ts';
import { demandVectorStores } from '../../pipeline/governance/vector-stores.ts';
import { demandVectorStore } from '../../pipeline/model-rights.ts';
import { parseText } from '../body.ts';
import { withMembers } from '../client-request.ts';
import type { ClientForm } from '../form/client-form.ts';
import { readGatewayMembers } from '../gateway-members.ts';
import type { Handling } from '../handling.ts';
import { mediaResponse } from '../media/media.ts';
import { checkedId, openId } from '../resource-id.ts';
import { beforeDelete, noteJob } from './note-job.ts';
import { batchWorst } from './batch-worst.ts';
import { modelOfBatch, modelOfMessages, rewriteBatch, rewriteMessages } from './batch-input.ts';
import { ownerOf, ownersOf, plainModel } from './owners.ts';
import { openIds, openParameters, ownerAmong, sealIds } from './sealed-ids.ts';
import { ownResponse } from './own-responses.ts';

/** Members and parameters that say where a request goes (LiteLLM v1.104); providers do not know them. */
const hintNames = ['custom_llm_provider', 'target_model_names', 'provider'] as const;

/** Kinds of things that know a model themselves; elsewhere the word is a hint alone. */
const haveModels: ReadonlySet<ResourceKind> = new Set(['fine_tuning', 'responses', 'assistants', 'threads', 'evals', 'interactions']);

/** What a request brings, whether as JSON, as a form, or not at all. */
interface Incoming {
  body: JsonObject;
  /** The deployment that ids in the body are of. */
  deployment: string | undefined;
  request(): Promise<Pick<ResourceRequest, 'body' | 'file'>>;
  relay(changes: Readonly<JsonObject>): RelayBody | Promise<RelayBody>;
  form?: ClientForm;
}

/** Answers a call about things that a provider keeps: files, batches, vector stores, and the like. @throws SluiceError */
export const handleResource = async (handling: Handling): Promise<Response> => {
  const { request, state, transport } = handling;
  const resource = meant(handling);
  if (!resource) throw new SluiceError('not_found', 'There is no such thing here.');
  const own = ownResponse(handling, resource);
  if (own) return own;
  const { kind, rest, ids: given } = resource;
  const { live } = state;

  const opened = given.map((id) => openId(id) ?? { deployment: undefined, id: checkedId(id) });
  const { parameters, deployment: inQuery } = openParameters(handling.query);
  const incoming = await readBody(handling);
  try {
    const { body } = incoming;
    if (kind === 'vector_stores' && opened[0]) demandVectorStore(state.principal, opened[0].id);
    if (state.principal) demandVectorStores(state.principal, body);
    const said = (name: string): string | undefined =>
      textOf(body[name]) ?? parameters.get(name) ?? request.headers.get(name.replaceAll('_', '-')) ?? undefined;
    const model =
      textOf(body['model']) ??
      parameters.get('model') ??
      request.headers.get('x-litellm-model') ??
      firstOf(body['target_model_names']) ??
      (await modelInside(kind, incoming));
    const remembered = kind === 'responses' && given[0] !== undefined ? handling.responseOwners.get(given[0]) : undefined;
    const owner = ownerOf(live, kind, {
      deployment: oneOf([...opened.map((each) => each.deployment), inQuery, incoming.deployment]) ?? stillThere(remembered, live, kind),
      model,
      provider: resource.provider ?? said('custom_llm_provider') ?? said('provider'),
      id: opened[0]?.id,
    });
    const { deployment } = owner;
    for (const name of [...hintNames, ...(haveModels.has(kind) ? [] : ['model'])]) parameters.delete(name);
    const asked = readGatewayMembers({}, request.headers);
    if (incoming.form && !incoming.form.replayable) asked.maxRetries = 0;
    const served = model !== undefined && live.router.match(model).some((each) => each.deployment.id === deployment.id);
    state.model = served ? model : plainModel(deployment.modelName);

    const makesBatch = (kind === 'batches' || kind === 'message_batches') && rest === '' && request.method === 'POST';
    const whole = {
      ...asked,
      deploymentId: deployment.id,
      anyModel: !served,
      ...(makesBatch && { batch: () => batchWorst(handling, kind, body, deployment) }),
    };
    let deleted: (() => Promise<void>) | undefined;
    const answer = await runCall(state, transport, whole, async (target, context) => {
      deleted ??= await beforeDelete(handling, resource, opened[0]?.id);
      const changes: JsonObject = Object.fromEntries(hintNames.map((name) => [name, undefined]));
      // A name of ours means nothing to the provider; a name of its own (a model that is to be tuned) stays.
      if (body['model'] !== undefined) {
        if (!haveModels.has(kind)) changes['model'] = undefined;
        else if (served) changes['model'] = target.model;
      }
      return callResource(
        {
          kind,
          method: request.method as 'GET' | 'POST' | 'DELETE',
          rest,
          ids: opened.map((each) => each.id),
          query: Object.fromEntries(parameters),
          headers: request.headers,
          target,
          request: () => valuesOf(incoming, kind, changes, state),
          relay: () =>
            kind === 'message_batches' && rest === '' && request.method === 'POST'
              ? { contentType: 'application/json', body: JSON.stringify(rewriteMessages(body, state)) }
              : kind === 'files' && body['purpose'] === 'batch' && incoming.form
                ? batchForm(incoming.form, changes, state)
                : incoming.relay(changes),
        },
        context,
      );
    });
    const noted = await noteJob(handling, { ...resource, ids: opened.map((each) => each.id) }, answer);
    await deleted?.();
    // Those of videos are ours always: the job's own routes know no others.
    return mediaResponse(handling, owner.seals || kind === 'videos' ? sealed(noted, deployment.id, kind) : noted);
  } finally {
    incoming.form?.cancel();
  }
};

/** What is asked, as values: those that a body on its way gets too. */
const valuesOf = async (
  incoming: Incoming,
  kind: ResourceKind,
  changes: Readonly<JsonObject>,
  state: Handling['state'],
): Promise<Pick<ResourceRequest, 'body' | 'file'>> => {
  const { body, file } = await incoming.request();
  const made = Object.fromEntries(Object.entries({ ...body, ...changes }).filter(([, value]) => value !== undefined));
  if (!file) return { body: made };
  const isBatch = kind === 'files' && body['purpose'] === 'batch';
  return { body: made, file: isBatch ? { ...file, bytes: await rewriteBatch(file.bytes, state) } : file };
};

/** Batches name their models inside, where nobody has to say it once more. */
const modelInside = async (kind: ResourceKind, { body, form }: Incoming): Promise<string | undefined> => {
  if (kind === 'message_batches') return modelOfMessages(body);
  if (kind !== 'files' || body['purpose'] !== 'batch' || !form) return undefined;
  const file = (await form.fields()).find(([, value]) => typeof value !== 'string')?.[1];
  return file === undefined || typeof file === 'string' ? undefined : modelOfBatch(file.bytes);
};

/** Anthropic's files are asked for at the same path, by its own clients. */
const meant = ({ resource, request }: Handling): Handling['resource'] =>
  resource?.kind === 'files' && request.headers.has('anthropic-version') ? { ...resource, kind: 'anthropic_files' } : resource;

const readBody = async (handling: Handling): Promise<Incoming> => {
  const nothing: Incoming = { body: {}, deployment: undefined, request: async () => ({ body: {} }), relay: () => ({}) };
  if (handling.request.method !== 'POST') return nothing;
  const form = await handling.form();
  if (form) {
    // All texts, wherever they stand: they say where the file goes. Of the file itself no more is read than there is in front of them.
    const target = (await form.find('purpose')) === undefined ? undefined : form;
    await form.settle();
    const { texts } = form;
    return {
      body: texts,
      deployment: ownerAmong(Object.values(texts)),
      request: async () => fileOf(await form.fields()),
      relay: (changes) => (target ?? form).relay(asTexts(changes)),
      form,
    };
  }
  const text = await handling.text();
  if (text.trim() === '') return nothing;
  const opened = openIds(text);
  const { json } = parseText(opened.text);
  return {
    body: json,
    deployment: opened.deployment,
    request: async () => ({ body: json }),
    relay: (changes) => {
      const named = Object.fromEntries(Object.entries(changes).filter(([name, value]) => value !== undefined || json[name] !== undefined));
      const made = withMembers({ body: json, text: opened.text, headers: handling.request.headers }, named);
      return { contentType: 'application/json', body: made.text };
    },
  };
};

const fileOf = (fields: readonly FormField[]): Pick<ResourceRequest, 'body' | 'file'> => {
  const body: JsonObject = {};
  let file: ResourceRequest['file'];
  for (const [name, value] of fields) {
    if (typeof value === 'string') body[name] = value;
    else file = value;
  }
  return { body, ...(file && { file }) };
};

/** A batch's requests name models as clients know them; the provider knows them otherwise. */
const batchForm = async (form: ClientForm, changes: Readonly<JsonObject>, state: Handling['state']): Promise<RelayBody> => {
  const fields: FormField[] = [];
  let changed = false;
  for (const [name, value] of await form.fields()) {
    if (Object.hasOwn(changes, name)) continue;
    const bytes = typeof value === 'string' ? undefined : await rewriteBatch(value.bytes, state);
    changed ||= typeof value !== 'string' && bytes !== value.bytes;
    fields.push([name, typeof value === 'string' ? value : { ...value, bytes: bytes! }]);
  }
  return changed ? encodeForm(fields) : form.relay(asTexts(changes));
};

const sealed = (answer: OperationAnswer, deployment: string, kind: ResourceKind): OperationAnswer => {
  if (answer.kind !== 'whole') return answer;
  const json = sealIds(answer.json(), deployment, idKinds[kind]);
  return { ...answer, body: JSON.stringify(json), json: () => json };
};

/** What ids of a collection's objects are known as, where the objects do not say what they are. */
const idKinds: Readonly<Record<ResourceKind, string>> = {
  files: 'file',
  anthropic_files: 'file',
  uploads: 'upload',
  batches: 'batch',
  fine_tuning: 'ftjob',
  vector_stores: 'vs',
  responses: 'resp',
  conversations: 'conv',
  containers: 'cntr',
  evals: 'eval',
  assistants: 'asst',
  threads: 'thread',
  videos: 'video',
  skills: 'skill',
  interactions: 'interaction',
  message_batches: 'msgbatch',
};

const oneOf = (deployments: readonly (string | undefined)[]): string | undefined => {
  const found = new Set(deployments.filter((each) => each !== undefined));
  if (found.size > 1)
    throw new SluiceError('invalid_request', 'The request names things that lie with different providers.', { param: 'id' });
  return [...found][0];
};

/** A deployment that made something may be gone with a reload: then it is asked for like any other. */
const stillThere = (id: string | undefined, live: Handling['state']['live'], kind: ResourceKind): string | undefined =>
  ownersOf(live, kind).some((each) => each.id === id) ? id : undefined;

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const firstOf = (value: unknown): string | undefined =>
  textOf(Array.isArray(value) ? value[0] : typeof value === 'string' ? value.split(',')[0]!.trim() : undefined);

const asTexts = (changes: Readonly<JsonObject>): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, value === undefined ? undefined : String(value)]));

import { SluiceError, type Deadlines, type Provider, type Target } from 'sluice/kit';
import type { Deployment, PassThroughEndpoint } from '../../config/snapshot.ts';
import { asOurs } from '../../pipeline/call.ts';
import { governRelay } from '../../pipeline/governance/govern.ts';
import type { Live } from '../../pipeline/live.ts';
import { mayGoAnywhere, relayWishes } from '../../pipeline/relay-wishes.ts';
import type { Handling } from '../handling.ts';
import { openId } from '../resource-id.ts';
import { endpointTarget } from './endpoint-target.ts';
import { canRelay, type Relay } from './relay.ts';
import { relayCall } from './relay-call.ts';
import { namedModel, readRelayBody, type NamedModel, type RelayBody } from './relay-request.ts';

/** For clients that can be told to send a header, and name no model: whose deployment is to answer. */
const modelHeader = 'x-litellm-model';

/** Relays a call as it is. @throws SluiceError before the answer has begun */
export const handlePassThrough = async (handling: Handling): Promise<Response> => {
  const { relay } = handling;
  if (!relay) throw new SluiceError('not_found', 'There is nothing here.');
  const { to } = relay;
  try {
    return await (to.kind === 'provider' ? relayToProvider(handling, relay, to.provider) : relayToEndpoint(handling, relay, to.endpoint));
  } catch (cause) {
    throw asOurs(cause);
  }
};

const relayToEndpoint = async (handling: Handling, relay: Relay, endpoint: PassThroughEndpoint): Promise<Response> => {
  const { live } = handling.state;
  mayGoAnywhere(relayWishes(handling.state, handling.request.headers));
  await governRelay(handling.state, {
    model: undefined,
    provider: undefined,
    path: relay.prefix + relay.path,
    headers: handling.request.headers,
  });
  const body = await readRelayBody(handling, false);
  const timeoutMs = endpoint.timeoutMs ?? live.snapshot.passThrough.timeoutMs;
  return relayCall(handling, {
    target: endpointTarget(endpoint, live.env),
    prefix: relay.prefix,
    path: relay.path,
    body,
    deadlines: withTimeout(live.snapshot.deadlines, timeoutMs),
    allHeaders: endpoint.forwardHeaders,
    defaultQuery: endpoint.defaultQuery,
    ...(endpoint.costPerRequestUsd !== undefined && { costUsd: endpoint.costPerRequestUsd }),
    model: undefined,
  });
};

const withTimeout = (deadlines: Deadlines, ms: number | undefined): Deadlines =>
  ms === undefined ? deadlines : { ...deadlines, firstTokenTimeoutMs: ms, idleTimeoutMs: ms };

const relayToProvider = async (handling: Handling, relay: Relay, provider: Provider): Promise<Response> => {
  const { state } = handling;
  const { live } = state;
  const body = await readRelayBody(handling, provider.relay?.signsBody === true);
  const header = handling.request.headers.get(modelHeader);
  const named = namedModel(relay, body, header);
  const send = (target: Target, to: { path: string; body: RelayBody }, model: string | undefined, deployment?: Deployment) => {
    if (deployment) state.deployment = deployment;
    const deadlines = deployment ? live.deadlinesOf(deployment, true, {}) : live.snapshot.deadlines;
    return relayCall(handling, {
      target,
      prefix: relay.prefix,
      ...to,
      deadlines: withTimeout(deadlines, deployment?.timeoutMs === undefined ? live.snapshot.passThrough.timeoutMs : undefined),
      allHeaders: true,
      model,
    });
  };
  const unchanged = { path: relay.path, body };
  const request = relayWishes(state, handling.request.headers);

  const name = named && nameOfDeployment(live, named, provider);
  await governRelay(state, {
    model: name ?? named?.name,
    provider: provider.id,
    path: relay.prefix + relay.path,
    headers: handling.request.headers,
  });
  if (named && name !== undefined) {
    state.model = name;
    return live.router.run(
      name,
      ({ deployment: { payload }, model }) => send(live.targetOf(payload, model), named.renamed(model), model, payload),
      {
        request,
        numRetries: 0,
        fallbacks: { disabled: true },
        noHedging: true,
        signal: state.signal,
        only: ({ payload }) => isOf(live, payload as Deployment, provider),
      },
    );
  }
  if (header) throw new SluiceError('not_found', `No deployment of ${provider.label} has the name in ${modelHeader}.`, { param: 'model' });

  const pool = live.relays.pool(provider.id);
  if (!pool) {
    mayGoAnywhere(request);
    return send(live.relays.fromEnv(provider), unchanged, named?.name);
  }
  return pool.run(
    provider.id,
    ({ deployment: { payload } }) => {
      state.model = payload.modelName;
      return send(live.targetOf(payload, payload.model), unchanged, named?.name, payload);
    },
    { request, numRetries: 0, signal: state.signal },
  );
};

/** What is relayed goes where an address says; one that is no operator's is not judged there. */
const isOf = (live: Live, deployment: Deployment, { id }: Provider): boolean => !deployment.isolated && live.providerOf(deployment) === id;

/** What the request's model is called in the configuration, where a deployment of the relay's provider has it. */
const nameOfDeployment = (live: Live, { name }: NamedModel, provider: Provider): string | undefined =>
  [name, `${provider.id}/${name}`].find((each) =>
    live.router.match(each).some(({ deployment }) => isOf(live, deployment.payload, provider)),
  );

/** What is asked for by its id has one that is none of ours. */
const isOfProvider = ({ id }: Handling): boolean => id !== undefined && openId(id) === undefined;

/**
 * A call under a provider's name that none of the gateway's own models can answer goes to the provider after all: where
 * somebody gave the gateway a key for it, and nothing of the request is lost.
 * @throws the failure, where it stays one
 */
export const relayInstead = async (handling: Handling, cause: unknown): Promise<Response> => {
  const { relay, route, request, state } = handling;
  const ours = SluiceError.is(cause) && cause.code !== 'authentication' && cause.status < 500 && !cause.upstream && state.attempts === 0;
  const nobody = ours && (cause.param === 'model' || (cause.code === 'not_found' && isOfProvider(handling)));
  const bodyLeft = handling.bodyRead !== undefined || handling.formRead?.untouched === true || !request.bodyUsed;
  if (!nobody || !relay || route === 'pass_through' || !bodyLeft || !canRelay(relay, state.live)) throw cause;
  // What was taken out of the body for the gateway goes on after all.
  state.ignored = [];
  delete state.model;
  state.stream = false;
  return handlePassThrough(handling);
};

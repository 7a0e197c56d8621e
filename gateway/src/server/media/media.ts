import {
  fromFields,
  operate,
  requireMembers,
  SluiceError,
  type JsonObject,
  type Operation,
  type OperationAnswer,
  type OperationCall,
  type RelayBody,
} from 'sluice/kit';
import { runCall } from '../../pipeline/call.ts';
import { askedFor } from '../../pipeline/metering/asked-for.ts';
import { wholeResponse } from '../chat.ts';
import { withMembers, type ClientRequest } from '../client-request.ts';
import type { ClientForm } from '../form/client-form.ts';
import { modelOf, readGatewayMembers, withoutTaken, type GatewayMembers } from '../gateway-members.ts';
import type { Handling } from '../handling.ts';
import { byteResponse } from './byte-response.ts';
import { resourceOf } from '../resource-id.ts';
import { filesFromData } from './data-files.ts';
import { withVideoId } from './video-ids.ts';

/** A request as an operation needs it, whether it came as JSON or as a form. */
interface MediaRequest {
  asked: GatewayMembers & { deploymentId?: string };
  model: string | undefined;
  /** Of a form, what was read so far: all once `request` was asked for. */
  readonly known: JsonObject;
  request: OperationCall['request'];
  relay: OperationCall['relay'];
}

/** Answers one call that is not chat. @throws SluiceError before the answer has begun */
export const handleMedia =
  (operation: Operation) =>
  async (handling: Handling): Promise<Response> => {
    const form = await handling.form();
    try {
      const request = form ? await formRequest(form, operation, handling) : await jsonRequest(operation, handling);
      const answer = await callMedia(operation, request, handling);
      return mediaResponse(handling, operation === 'video-create' ? withVideoId(answer, handling.state) : answer);
    } finally {
      form?.cancel();
    }
  };

/** Makes the call, on the deployments of its model. @throws SluiceError */
const callMedia = async (operation: Operation, media: MediaRequest, { state, transport }: Handling): Promise<OperationAnswer> => {
  const { asked, model, request, relay } = media;
  state.model = model;
  state.ignored = asked.ignored;
  state.stream = media.known['stream'] === true;
  state.askedFor = () => askedFor(operation, media.known, state.sendings?.at(-1)?.model ?? '');
  const answer = await runCall(state, transport, asked, (target, context, overrides) =>
    operate(
      {
        operation,
        target,
        get known() {
          return overrides ? { ...media.known, ...overrides } : media.known;
        },
        request: overrides ? async () => ({ ...(await request()), ...overrides }) as never : request,
        relay: overrides ? (members) => relay({ ...overrides, ...members }) : relay,
      },
      context,
    ),
  );
  state.stream = media.known['stream'] === true;
  return answer;
};

export const mediaResponse = (handling: Handling, answer: OperationAnswer): Response =>
  answer.kind === 'bytes' ? byteResponse(handling, answer) : wholeResponse(handling, answer);

/**
 * OpenAI's, where its clients need name none (https://platform.openai.com/docs/api-reference, openai/openai-openapi, read
 * 2026-11-22). Which one makes an image is chosen there by the other members, and so cannot be said here.
 */
const usualModels: { readonly [K in Operation]?: string } = {
  moderation: 'omni-moderation-latest',
  'image-edit': 'gpt-image-1.5',
  'image-variation': 'dall-e-2',
  'video-create': 'sora-2',
};

const jsonRequest = async (operation: Operation, handling: Handling): Promise<MediaRequest> => {
  const { text, json } = await handling.json();
  const { headers } = handling.request;
  const asked = readGatewayMembers(json, headers, handling.vendor);
  const mine = withoutTaken({ body: json, text, headers }, asked);
  requireMembers(mine.body, operation);
  return {
    asked,
    model: modelOf(handling.model, json) ?? usualModels[operation],
    known: mine.body,
    request: () => filesFromData(mine.body, operation) as never,
    relay: (members): RelayBody => ({ contentType: 'application/json', body: withMembers(mine, members).text }),
  };
};

const formRequest = async (form: ClientForm, operation: Operation, handling: Handling): Promise<MediaRequest> => {
  // A path that names the model leaves it open whether the form does, and where.
  const named = handling.model === undefined ? await form.find('model') : void (await form.fields());
  await form.settle();
  const textsKnown = (): JsonObject => fromFields(Object.entries(form.texts) as [string, string][], operation);
  let known = textsKnown();
  const asked = readGatewayMembers(form.texts, handling.request.headers, handling.vendor);
  if (!form.replayable) asked.maxRetries = 0;
  const taken = Object.fromEntries(asked.taken.map((name) => [name, undefined]));
  return {
    asked,
    model: handling.model ?? named ?? usualModels[operation],
    get known() {
      return known;
    },
    async request() {
      const fields = (await form.fields()).filter(([name]) => !Object.hasOwn(taken, name));
      // Also what stands behind a file.
      known = textsKnown();
      const members = fromFields(fields, operation);
      requireMembers(members, operation);
      return members as never;
    },
    relay: (members) => form.relay({ ...taken, ...asTexts(members) }),
  };
};

const asTexts = (members: Readonly<JsonObject>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(members).flatMap(([name, value]) =>
      value === undefined || value === null ? [] : [[name, typeof value === 'string' ? value : JSON.stringify(value)]],
    ),
  );

/** A client of a kind of call that has no body: what it asks for is in the path. */
export const handleJob =
  (operation: Operation) =>
  async (handling: Handling): Promise<Response> => {
    const { deployment, id } = resourceOf(handling.id, 'video');
    const { request } = handling;
    const mine: ClientRequest =
      request.method === 'POST'
        ? { ...(await bodyOf(handling)), headers: request.headers }
        : { body: {}, text: '{}', headers: request.headers };
    const asked = readGatewayMembers(mine.body, request.headers);
    const { body } = withoutTaken(mine, asked);
    requireMembers(body, operation);
    const variant = new URLSearchParams(handling.query).get('variant');
    const known: JsonObject = { ...body, id, ...(variant !== null && { variant }) };
    const found = handling.state.live.snapshot.deployments.find((each) => each.id === deployment);
    if (!found) throw new SluiceError('not_found', 'What has this id is not here any more: its deployment is gone.', { param: 'id' });
    const answer = await callMedia(
      operation,
      {
        asked: { ...asked, deploymentId: deployment },
        model: found.modelName,
        known,
        request: () => known as never,
        relay: (members) => ({ contentType: 'application/json', body: JSON.stringify({ ...body, ...members }) }),
      },
      handling,
    );
    return mediaResponse(handling, withVideoId(answer, handling.state));
  };

const bodyOf = async (handling: Handling): Promise<{ body: JsonObject; text: string }> => {
  const { json, text } = await handling.json();
  return { body: json, text };
};

import { operationParametersOf, parametersOf, SluiceError, type Operation } from 'sluice/kit';
import type { Deployment } from '../../config/snapshot.ts';
import type { Live } from '../../pipeline/live.ts';
import type { Handling } from '../handling.ts';
import { knownModel } from '../known-models.ts';
import { parametersOfDeployment } from './model-info.ts';

type Kind = 'chat' | 'embeddings' | Operation;

/** LiteLLM's words for kinds of calls, and those of `mode`. */
const kinds: Readonly<Record<string, Kind>> = {
  chat_completion: 'chat',
  chat: 'chat',
  embeddings: 'embeddings',
  embedding: 'embeddings',
  transcription: 'transcription',
  audio_transcription: 'transcription',
  translation: 'translation',
  speech: 'speech',
  audio_speech: 'speech',
  image_generation: 'image-generation',
  image_edit: 'image-edit',
  image_variation: 'image-variation',
  moderation: 'moderation',
  video_generation: 'video-create',
};

/** Undefined: nobody knows. */
const namesOf = (live: Live, deployment: Deployment, model: string, kind: Kind): readonly string[] | undefined => {
  try {
    const target = live.targetOf(deployment, model);
    return kind === 'chat' || kind === 'embeddings' ? parametersOf(target, kind) : operationParametersOf(target, kind);
  } catch {
    // It cannot be called as things are (no key): nothing is claimed of it.
    return [];
  }
};

/**
 * `GET /utils/supported_openai_params?model=` of LiteLLM. `request_type` says which kind of call is meant; without it, the
 * one that the model is for. `null` where a deployment's vendor has a format of its own that nobody has a list of.
 * @throws SluiceError
 */
export const handleSupportedParams = async (handling: Handling): Promise<Response> => {
  const query = new URLSearchParams(handling.query);
  const model = query.get('model');
  if (!model) throw new SluiceError('invalid_request', "'model' is missing.", { param: 'model' });
  const asked = query.get('request_type');
  const kind = asked === null ? undefined : kinds[asked];
  if (asked !== null && kind === undefined)
    throw new SluiceError('invalid_request', `'request_type' must be one of ${Object.keys(kinds).join(', ')}.`, { param: 'request_type' });
  const { live } = handling.state;
  knownModel(live, handling.state.principal, model);
  const lists = live.router
    .match(model)
    .map(({ deployment: { payload }, model: used }) =>
      kind === undefined ? parametersOfDeployment(live, payload, used) : namesOf(live, payload, used, kind),
    );
  const names = lists.filter((list) => list !== undefined);
  const headers = handling.headers();
  handling.ended(200, undefined);
  return Response.json({ supported_openai_params: names.length === 0 ? null : [...new Set(names.flat())].sort() }, { headers });
};

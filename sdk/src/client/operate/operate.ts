import { openaiChat } from '../../protocols/index.ts';
import { mocked } from '../../providers/index.ts';
import { SluiceError, type Adapter, type Operation, type Speaks } from '../../types/index.ts';
import type { CallContext } from '../call.ts';
import { toWireContext } from '../prepare.ts';
import { writeResult } from './adapted.ts';
import type { OperationAnswer, OperationCall } from './call.ts';
import { relayCall } from './same-format.ts';
import { Session } from './session.ts';
import { createWire } from './wire.ts';

/** What each kind of call is called in messages. */
const words: Readonly<Record<Operation, string>> = {
  'image-generation': 'image generation',
  'image-edit': 'editing of images',
  'image-variation': 'variations of images',
  transcription: 'transcription',
  translation: 'translation of audio',
  speech: 'speech',
  moderation: 'moderation',
  ocr: 'OCR',
  search: 'search',
  'video-create': 'video generation',
  'video-retrieve': 'video generation',
  'video-content': 'video generation',
  'video-remix': 'remixing of videos',
  'video-delete': 'deletion of videos',
};

/**
 * Makes one call of a kind other than chat: passed through where the vendor speaks the clients' format, by the vendor's
 * adapter elsewhere.
 * @throws SluiceError
 */
export const operate = async <K extends Operation>(asked: OperationCall<K>, context: CallContext): Promise<OperationAnswer> => {
  const target = mocked(asked.target);
  const call = target === asked.target ? asked : { ...asked, target };
  const { operation } = call;
  const { provider } = target;
  const served = provider.operations?.[operation] as Speaks | Adapter<K> | undefined;
  if (!served) {
    const where = { param: 'model', provider: provider.id, model: target.model };
    throw new SluiceError('invalid_request', `${provider.label} does not offer ${words[operation]} here.`, where);
  }
  const adapted = typeof served === 'function';
  const errors = (adapted ? undefined : served.errors) ?? provider.errors ?? openaiChat.id;
  const session = new Session(target, { protocol: adapted ? `${provider.id}:${operation}` : served.protocol, errors }, context);
  try {
    // What the URL needs may have to be looked up first (a project, a region).
    await provider.ready?.(target);
    if (!adapted) return await relayCall(call as unknown as OperationCall, served, session);
    const request = await call.request();
    // Not before: a form may have said the last of it only now.
    const { known } = asked;
    const { lacks } = toWireContext({ format: openaiChat, target, body: known }, context.dropParams, session.dropped);
    const result = await served(request, createWire(session, lacks));
    const model = typeof known['model'] === 'string' ? known['model'] : target.model;
    return writeResult(operation, result, { session, known, model });
  } catch (cause) {
    session.close();
    throw session.failure(cause);
  }
};

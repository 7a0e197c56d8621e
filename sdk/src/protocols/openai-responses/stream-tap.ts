import type { JsonObject, SluiceError, StreamTap, Usage } from '../../types/index.ts';
import { OutputCount } from '../shared/output-count.ts';
import { asObject, asString, parseObject } from '../shared/read.ts';
import { readStreamError } from './errors.ts';
import { encryptedIdsOf } from './encrypted-items.ts';
import { typeOf } from './event-type.ts';
import { usageOf } from './usage.ts';

const ends: ReadonlySet<string> = new Set(['response.completed', 'response.incomplete']);

/** Reads along with a stream that is passed through; only its last event is parsed. */
export const createTap = (): StreamTap => {
  let ended = false;
  let output = false;
  let usage: Usage | undefined;
  let model: string | undefined;
  let id: string | undefined;
  let encryptedIds: readonly string[] | undefined;
  let error: SluiceError | undefined;
  const seen = new OutputCount(['delta']);

  const last = (response: JsonObject) => {
    usage = usageOf(response);
    if (usage) seen.counted();
    model = asString(response['model']);
    id = asString(response['id']);
    encryptedIds = encryptedIdsOf(response['output']);
  };

  return {
    push(event) {
      const type = typeOf(event);
      if (ends.has(type)) {
        ended = true;
        output = true;
        last(asObject(parseObject(event.data)?.['response']) ?? {});
      } else if (type === 'response.failed') {
        const response = asObject(parseObject(event.data)?.['response']) ?? {};
        last(response);
        error ??= readStreamError(response);
      } else if (type === 'error') {
        error ??= readStreamError(parseObject(event.data) ?? {});
      } else if (type.endsWith('.delta')) {
        output = true;
        // Sound is no text.
        if (type !== 'response.audio.delta' && type !== 'response.output_audio.delta') seen.see(event.data);
      } else if (!output) {
        output = type === 'response.output_item.done';
      }
    },
    get ended() {
      return ended;
    },
    get final() {
      return ended;
    },
    get usage() {
      return usage;
    },
    get model() {
      return model;
    },
    get id() {
      return id;
    },
    get encryptedIds() {
      return encryptedIds;
    },
    get error() {
      return error;
    },
    get output() {
      return output;
    },
    get uncounted() {
      return seen.tokens;
    },
  };
};

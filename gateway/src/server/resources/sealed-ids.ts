import { SluiceError, type JsonObject } from 'sluice/kit';
import { openId, sealId } from '../resource-id.ts';

/** Ids of ours wherever they stand in a text. */
const sealed = /\b[a-z_]+-sl-[\w-]+\.[\w-]+/g;

/** Cheap enough to ask of every request. */
export const mayHoldIds = (text: string): boolean => text.includes('-sl-');

/**
 * A text with the providers' own ids in place of ours, and whose they are.
 * @throws SluiceError `invalid_request` where they are of more than one deployment: nobody has them all
 */
export const openIds = (text: string): { text: string; deployment: string | undefined } => {
  let deployment: string | undefined;
  const opened = text.replaceAll(sealed, (each) => {
    const found = openId(each);
    if (!found) return each;
    if (deployment !== undefined && deployment !== found.deployment) {
      throw new SluiceError('invalid_request', 'The request names files or other things that lie with different providers.', {
        param: 'id',
      });
    }
    deployment = found.deployment;
    // In JSON and in queries alike, ids of providers hold nothing that would have to be escaped.
    return /^[\w.:/@=+-]+$/.test(found.id) ? found.id : JSON.stringify(found.id).slice(1, -1);
  });
  return { text: opened, deployment };
};

/** Members of answers that hold an id of something that is kept, and what clients know such ids as. */
const kinds: Readonly<Record<string, string>> = {
  input_file_id: 'file',
  output_file_id: 'file',
  error_file_id: 'file',
  training_file: 'file',
  validation_file: 'file',
  result_files: 'file',
  file_id: 'file',
  file_ids: 'file',
  vector_store_id: 'vs',
  vector_store_ids: 'vs',
  container_id: 'cntr',
  batch_id: 'batch',
  assistant_id: 'asst',
  thread_id: 'thread',
  run_id: 'run',
  message_id: 'msg',
  upload_id: 'upload',
  eval_id: 'eval',
  fine_tuning_job_id: 'ftjob',
  conversation_id: 'conv',
  previous_response_id: 'resp',
};

/** What an object's own ids are known as. */
const objects: Readonly<Record<string, string>> = {
  file: 'file',
  upload: 'upload',
  batch: 'batch',
  'fine_tuning.job': 'ftjob',
  vector_store: 'vs',
  'vector_store.file': 'file',
  'vector_store.files_batch': 'vsfb',
  'vector_store.file_batch': 'vsfb',
  'vector_store.deleted': 'vs',
  'vector_store.file.deleted': 'file',
  response: 'resp',
  conversation: 'conv',
  'conversation.deleted': 'conv',
  container: 'cntr',
  'container.file': 'cfile',
  eval: 'eval',
  'eval.run': 'evalrun',
  assistant: 'asst',
  'assistant.deleted': 'asst',
  thread: 'thread',
  'thread.deleted': 'thread',
  'thread.message': 'msg',
  'thread.run': 'run',
  'thread.run.step': 'step',
};

/** An answer with our ids in place of a provider's, so that whatever they are sent back for goes where they are from. */
export const sealIds = (json: JsonObject, deployment: string, fallback: string): JsonObject => {
  const seal = (kind: string, id: string): string => sealId(kind, { deployment, id });
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    const found = value as JsonObject;
    const own =
      typeof found['object'] === 'string' ? (objects[found['object']] ?? (found['object'] === 'list' ? undefined : fallback)) : fallback;
    const made: JsonObject = {};
    for (const [name, member] of Object.entries(found)) {
      const kind = name === 'id' ? own : name === 'first_id' || name === 'last_id' ? fallback : kinds[name];
      if (kind !== undefined && typeof member === 'string' && member !== '') made[name] = seal(kind, member);
      else if (kind !== undefined && Array.isArray(member))
        made[name] = member.map((each) => (typeof each === 'string' ? seal(kind, each) : walk(each)));
      else made[name] = skipped.has(name) ? member : walk(member);
    }
    return made;
  };
  return walk(json) as JsonObject;
};

/** Members whose content is the client's own or the model's. */
const skipped: ReadonlySet<string> = new Set([
  'metadata',
  'attributes',
  'content',
  'text',
  'arguments',
  'request_counts',
  'usage',
  'errors',
]);

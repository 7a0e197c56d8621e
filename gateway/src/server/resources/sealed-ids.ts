import { SluiceError, type JsonObject } from 'sluice/kit';
import { openId, sealId } from '../resource-id.ts';

/** Stands in every id of ours. */
const mark = '-sl-';

/** An id of ours and nothing else. */
const sealed = /^[a-z_]{1,32}-sl-[\w-]+\.[\w-]+$/;

/** Longer than any that we make. */
const maxIdChars = 4096;

/** Cheap enough to ask of every request. */
export const mayHoldIds = (text: string): boolean => text.includes(mark);

/** Members that hold what somebody says: an id in there is talked about. */
const spoken: ReadonlySet<string> = new Set(['content', 'text', 'input', 'prompt', 'instructions', 'arguments', 'output', 'query']);

/**
 * A JSON text with the providers' own ids in place of ours, and whose they are. Only texts that are an id and nothing
 * else are looked at, so that nobody's words are changed.
 * @throws SluiceError `invalid_request` where they are of more than one deployment: nobody has them all
 */
export const openIds = (text: string): { text: string; deployment: string | undefined } => {
  const owner = createOwner();
  let made = '';
  let done = 0;
  // No regular expression over the whole: what begins like an id and goes on for ever would be read again and again.
  for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + mark.length)) {
    const end = text.indexOf('"', at);
    if (end === -1) break;
    const start = text.lastIndexOf('"', at) + 1;
    at = Math.max(at, end - mark.length);
    if (start < done || text[start - 2] === '\\' || end - start > maxIdChars || isSpoken(text, start - 1, end)) continue;
    const id = owner.open(text.slice(start, end));
    if (id === undefined) continue;
    made += text.slice(done, start) + JSON.stringify(id).slice(1, -1);
    done = end;
  }
  return { text: done === 0 ? text : made + text.slice(done), deployment: owner.deployment };
};

/** Parameters of a query with the providers' own ids in place of ours, and whose they are. @throws SluiceError as `openIds` */
export const openParameters = (query: string): { parameters: URLSearchParams; deployment: string | undefined } => {
  const owner = createOwner();
  const parameters = new URLSearchParams([...new URLSearchParams(query)].map(([name, value]) => [name, owner.open(value) ?? value]));
  return { parameters, deployment: owner.deployment };
};

/** Whose the ids among some texts are. @throws SluiceError as `openIds` */
export const ownerAmong = (texts: Iterable<unknown>): string | undefined => {
  const owner = createOwner();
  for (const text of texts) if (typeof text === 'string') owner.open(text);
  return owner.deployment;
};

const createOwner = () => {
  let deployment: string | undefined;
  return {
    get deployment() {
      return deployment;
    },
    /** @returns the provider's own id, where the text is one of ours */
    open(text: string): string | undefined {
      const found = text.length <= maxIdChars && sealed.test(text) ? openId(text) : undefined;
      if (!found) return undefined;
      if (deployment !== undefined && deployment !== found.deployment) {
        throw new SluiceError('invalid_request', 'The request names files or other things that lie with different providers.', {
          param: 'id',
        });
      }
      deployment = found.deployment;
      return found.id;
    },
  };
};

/** Whether the text that begins with this quote is a member's name, or the value of one in which somebody speaks. */
const isSpoken = (text: string, open: number, close: number): boolean => {
  if (text[past(text, close + 1, 1)] === ':') return true;
  const colon = past(text, open - 1, -1);
  if (text[colon] !== ':') return false;
  const end = past(text, colon - 1, -1);
  return spoken.has(text.slice(text.lastIndexOf('"', end - 1) + 1, end));
};

/** The next place from here that is no space. */
const past = (text: string, from: number, step: 1 | -1): number => {
  let at = from;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at += step;
  return at;
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
  previous_interaction_id: 'interaction',
  remixed_from_video_id: 'video',
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

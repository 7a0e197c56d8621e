import { SluiceError, type JsonObject, type WireEvent } from '../../types/index.ts';
import { asObject, asObjects, asString, isObject, parseObject } from '../shared/read.ts';
import { typeOf } from './event-type.ts';
import { without } from './native.ts';

/*
 * `previous_response_id` for providers that have no memory: the conversation is put together again from what is kept
 * of each turn. Pure functions on wire bodies; who keeps the turns, and how many, is not decided here.
 */

/** All that must be kept of a turn. Plain JSON. */
export interface StoredTurn {
  /** The answer's id, by which a later request names the turn. */
  id: string;
  /** The id of the turn before, if there was one. */
  previous?: string;
  /** The items that this request added, not those of earlier turns. */
  input: JsonObject[];
  output: JsonObject[];
  /** The other members of the answer. */
  rest: JsonObject;
}

/** The answer of a turn, as it was. */
export const responseOf = ({ rest, output }: StoredTurn): JsonObject => ({ ...rest, output });

/** The turn that a request goes on from. */
export const previousResponseId = (body: JsonObject): string | undefined => asString(body['previous_response_id']);

/** `input` as a list of items: a string is what a user says. */
const inputItems = (input: unknown): JsonObject[] =>
  typeof input === 'string' ? [{ type: 'message', role: 'user', content: input }] : asObjects(input);

/**
 * What to keep of a turn.
 * @param body the request as the client sent it, before `withHistory`
 * @param response the answer in this format
 * @returns undefined where nothing is to be kept: the client said `store: false`, or the answer failed
 */
export const turnOf = (body: JsonObject, response: JsonObject): StoredTurn | undefined => {
  const id = asString(response['id']);
  if (!id || body['store'] === false || response['status'] === 'failed') return undefined;
  const previous = previousResponseId(body);
  const { output, ...rest } = response;
  return { id, ...(previous !== undefined && { previous }), input: inputItems(body['input']), output: asObjects(output), rest };
};

/** As OpenAI says it. */
const notFound = (id: string): SluiceError =>
  new SluiceError('invalid_request', `Previous response with id '${id}' not found.`, {
    param: 'previous_response_id',
    upstream: { type: 'invalid_request_error', code: 'previous_response_not_found' },
  });

/**
 * The turns up to one, oldest first.
 * @throws SluiceError `invalid_request` (`previous_response_not_found`) where one of them is not kept (any more)
 */
export const turnsUpTo = (id: string, find: (id: string) => StoredTurn | undefined): StoredTurn[] => {
  const turns: StoredTurn[] = [];
  const seen = new Set<string>();
  for (let at: string | undefined = id; at !== undefined; at = turns.at(-1)?.previous) {
    const turn = seen.has(at) ? undefined : find(at);
    if (!turn) throw notFound(id);
    seen.add(at);
    turns.push(turn);
  }
  return turns.toReversed();
};

/** The items of the conversation so far, in which references to earlier ones are replaced by them. */
const joined = (turns: readonly StoredTurn[], input: JsonObject[]): JsonObject[] => {
  const earlier = turns.flatMap((turn) => [...turn.input, ...turn.output]);
  const byId = new Map(earlier.map((item) => [item['id'], item]));
  const referred = new Set(input.filter((item) => isReference(item)).map((item) => item['id']));
  // An item that is referred to stands where the reference is.
  return [
    ...earlier.filter((item) => !referred.has(item['id'])),
    ...input.map((item) => (isReference(item) ? (byId.get(item['id']) ?? item) : item)),
  ];
};

const isReference = (item: JsonObject): boolean =>
  item['type'] === 'item_reference' || (item['type'] === undefined && item['role'] === undefined && typeof item['id'] === 'string');

/**
 * The request as a provider without memory must get it: the whole conversation in `input`. Instructions and tools are
 * not carried over, as OpenAI does not.
 */
export const withHistory = (body: JsonObject, turns: readonly StoredTurn[]): JsonObject => ({
  ...without(body, 'previous_response_id'),
  input: joined(turns, inputItems(body['input'])),
});

/** Members of a request that only a provider with a memory of its own can serve; `previous_response_id` is served here. */
export const needsProviderMemory = (body: JsonObject): string[] => {
  const names = ['conversation', 'prompt'].filter((name) => body[name] !== undefined && body[name] !== null);
  return body['background'] === true ? [...names, 'background'] : names;
};

/** Reads a stream of this format along for its answer. */
export interface ResponseWatcher {
  push(event: WireEvent): void;
  /** The whole answer, once its last event was seen; also where the vendor's last event leaves the output out. */
  readonly response: JsonObject | undefined;
}

const last: ReadonlySet<string> = new Set(['response.completed', 'response.incomplete']);

export const createResponseWatcher = (): ResponseWatcher => {
  const items: JsonObject[] = [];
  let response: JsonObject | undefined;
  return {
    push(event) {
      const type = typeOf(event);
      if (type === 'response.output_item.done') {
        const item = asObject(parseObject(event.data)?.['item']);
        if (item) items.push(item);
      } else if (last.has(type)) {
        const found = parseObject(event.data)?.['response'];
        if (!isObject(found)) return;
        // ChatGPT's last event has an empty output.
        response = asObjects(found['output']).length > 0 ? found : { ...found, output: items };
      }
    },
    get response() {
      return response;
    },
  };
};

import { parseJson, readEvents } from './events.ts';
import {
  choiceAt,
  finishWith,
  has,
  list,
  newReading,
  num,
  obj,
  parseArguments,
  str,
  usageOf,
  type ChoiceReading,
  type FinishClass,
  type Obj,
  type Reader,
  type Reading,
  type UsageReading,
} from './reading.ts';

const finishes: Record<string, FinishClass> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool-calls',
  refusal: 'content-filter',
  pause_turn: 'pause',
};

const finishOf = (word: unknown): FinishClass => (str(word) === '' ? 'none' : (finishes[str(word)] ?? 'other'));

/** Input apart from the cache, read from it, written to it: three counts that do not overlap. */
const readUsage = (usage: Obj): UsageReading => {
  const cached = num(usage['cache_read_input_tokens']);
  const written = num(usage['cache_creation_input_tokens']);
  const input = num(usage['input_tokens']);
  return usageOf({
    inputTotal: input === undefined ? undefined : input + (cached ?? 0) + (written ?? 0),
    outputTotal: num(usage['output_tokens']),
    cached,
    cacheWrite: written,
    reasoning: num(obj(usage['output_tokens_details'])['thinking_tokens']),
  });
};

/** A whole block, or one put together from its deltas (`json`: the joined text of its input). */
const readBlock = (choice: ChoiceReading, block: Obj, json: string | undefined, faults: string[]): void => {
  const kind = str(block['type']);
  if (kind === 'text') {
    choice.text += str(block['text']);
    for (const citation of list(block['citations'])) if (str(citation['url']) !== '') choice.citations.push(str(citation['url']));
  } else if (kind === 'thinking') {
    choice.thinking += str(block['thinking']);
    if (str(block['signature']) !== '') choice.signatures.push(str(block['signature']));
  } else if (kind === 'redacted_thinking') {
    choice.signatures.push(str(block['data']));
  } else if (kind === 'tool_use') {
    const parsed = json === undefined ? block['input'] : parseArguments(json);
    if (str(block['id']) === '' || str(block['name']) === '') faults.push('a tool_use without id or name');
    choice.toolCalls.push({ id: str(block['id']), name: str(block['name']), arguments: parsed });
  } else {
    choice.opaque.push(kind);
  }
};

/** Only an answer that was cut off may hold a torn input. */
const noteBrokenInputs = ({ toolCalls, finish }: ChoiceReading, faults: string[]): void => {
  if (finish === 'other') faults.push('stop_reason is no word of the format');
  if (finish === 'length') return;
  for (const { name, arguments: input } of toolCalls)
    if (typeof input !== 'object' || input === null) faults.push(`input of ${name} is no object`);
};

/** The events of one stream, in the order that Anthropic promises; anything else is a fault. */
class MessageStream {
  readonly reading: Reading = newReading();
  readonly #open = new Map<number, { block: Obj; json: string | undefined }>();
  #started = false;
  #next = 0;
  #finished = false;
  #usage: Obj = {};

  take(event: string, body: Obj): void {
    const type = str(body['type']);
    const { faults } = this.reading;
    if (event !== type) faults.push(`event ${event} carries ${type}`);
    if (this.reading.ended) faults.push(`${type} after message_stop`);
    if (type === 'ping') return;
    if (type === 'error') {
      const error = obj(body['error']);
      this.reading.error = { message: str(error['message']), type: str(error['type']) };
      return;
    }
    if (!this.#started && type !== 'message_start') faults.push(`${type} before message_start`);
    if (Object.hasOwn(this.#handlers, type)) this.#handlers[type]?.(body);
  }

  readonly #handlers: Record<string, (body: Obj) => void> = {
    message_start: (body) => {
      if (this.#started) this.reading.faults.push('message_start twice');
      this.#started = true;
      const message = obj(body['message']);
      this.reading.id = str(message['id']);
      this.reading.model = str(message['model']);
      this.#count(obj(message['usage']));
      choiceAt(this.reading, 0);
    },
    content_block_start: (body) => {
      const index = num(body['index']) ?? -1;
      if (index !== this.#next) this.reading.faults.push(`block ${index} starts where ${this.#next} is due`);
      if (this.#open.size > 0) this.reading.faults.push(`block ${index} starts while another is open`);
      this.#next = index + 1;
      this.#open.set(index, { block: structuredClone(obj(body['content_block'])), json: undefined });
    },
    content_block_delta: (body) => {
      const open = this.#open.get(num(body['index']) ?? -1);
      if (!open) {
        this.reading.faults.push('a delta of a block that is not open');
        return;
      }
      this.#delta(open, obj(body['delta']));
    },
    content_block_stop: (body) => {
      const index = num(body['index']) ?? -1;
      const open = this.#open.get(index);
      if (!open) this.reading.faults.push(`block ${index} stops without a start`);
      else readBlock(choiceAt(this.reading, 0), open.block, open.json, this.reading.faults);
      this.#open.delete(index);
    },
    message_delta: (body) => {
      if (this.#open.size > 0) this.reading.faults.push('message_delta while a block is open');
      const word = obj(body['delta'])['stop_reason'];
      if (has(word)) {
        if (this.#finished) this.reading.faults.push('stop_reason twice');
        this.#finished = true;
        choiceAt(this.reading, 0).finish = finishOf(word);
      }
      this.#count(obj(body['usage']));
    },
    message_stop: () => {
      this.reading.ended = true;
    },
  };

  #delta(open: { block: Obj; json: string | undefined }, delta: Obj): void {
    const { block } = open;
    const kind = str(delta['type']);
    if (kind === 'text_delta') block['text'] = str(block['text']) + str(delta['text']);
    else if (kind === 'thinking_delta') block['thinking'] = str(block['thinking']) + str(delta['thinking']);
    else if (kind === 'signature_delta') block['signature'] = str(block['signature']) + str(delta['signature']);
    else if (kind === 'input_json_delta') open.json = (open.json ?? '') + str(delta['partial_json']);
    else if (kind === 'citations_delta') block['citations'] = [...list(block['citations']), obj(delta['citation'])];
  }

  /** Later counts replace earlier ones; a null says nothing. */
  #count(usage: Obj): void {
    for (const [key, value] of Object.entries(usage)) if (has(value)) this.#usage[key] = value;
  }

  done(): Reading {
    const { reading } = this;
    if (this.#open.size > 0) reading.faults.push('a block is never closed');
    // A stream that broke off: what it had told by then counts.
    if (reading.error) for (const { block, json } of this.#open.values()) readBlock(choiceAt(reading, 0), block, json, reading.faults);
    if (!this.#finished && !reading.error) reading.faults.push('no stop_reason');
    if (Object.keys(this.#usage).length > 0) reading.usage = readUsage(this.#usage);
    const choice = choiceAt(reading, 0);
    noteBrokenInputs(choice, reading.faults);
    choice.finish = finishWith(choice.finish, choice.toolCalls.length);
    return reading;
  }
}

/** Anthropic messages. */
export const anthropicMessages: Reader = {
  whole(text) {
    const reading = newReading();
    const body = obj(parseJson(text));
    reading.id = str(body['id']);
    reading.model = str(body['model']);
    reading.ended = true;
    if (body['type'] !== 'message' || body['role'] !== 'assistant') reading.faults.push('not a message of the assistant');
    if (has(body['usage'])) reading.usage = readUsage(obj(body['usage']));
    const choice = choiceAt(reading, 0);
    for (const block of list(body['content'])) readBlock(choice, block, undefined, reading.faults);
    choice.finish = finishWith(finishOf(body['stop_reason']), choice.toolCalls.length);
    noteBrokenInputs(choice, reading.faults);
    if (choice.finish === 'none') reading.faults.push('no stop_reason');
    return reading;
  },
  stream(text) {
    const stream = new MessageStream();
    for (const { event, data } of readEvents(text)) stream.take(event, obj(parseJson(data)));
    return stream.done();
  },
};

import { parseJson, readEvents } from './events.ts';
import { responsesUsage } from './openai-usage.ts';
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
  type ChoiceReading,
  type FinishClass,
  type Obj,
  type Reader,
  type Reading,
} from './reading.ts';

/** One item of the output into the answer's only choice. */
const readItem = (choice: ChoiceReading, item: Obj, faults: string[]): void => {
  const kind = str(item['type']);
  if (kind === 'message') {
    for (const part of list(item['content'])) {
      if (part['type'] === 'output_text') choice.text += str(part['text']);
      else if (part['type'] === 'refusal') choice.refusal += str(part['refusal']);
      for (const annotation of list(part['annotations'])) if (str(annotation['url']) !== '') choice.citations.push(str(annotation['url']));
    }
  } else if (kind === 'reasoning') {
    const summary = list(item['summary']).map((part) => str(part['text']));
    const content = list(item['content']).map((part) => str(part['text']));
    choice.thinking += summary.join('\n\n') || content.join('\n\n');
    if (str(item['encrypted_content']) !== '') choice.signatures.push(str(item['encrypted_content']));
  } else if (kind === 'function_call') {
    if (str(item['call_id']) === '' || str(item['name']) === '') faults.push('a function_call without call_id or name');
    const namespace = str(item['namespace']);
    choice.toolCalls.push({
      id: str(item['call_id']),
      name: str(item['name']),
      ...(namespace !== '' && { namespace }),
      arguments: parseArguments(str(item['arguments'])),
    });
  } else if (kind === 'custom_tool_call') {
    choice.toolCalls.push({ id: str(item['call_id']), name: str(item['name']), arguments: { input: str(item['input']) } });
  } else {
    choice.opaque.push(kind);
  }
};

const finishOf = (response: Obj): FinishClass => {
  const status = str(response['status']);
  const reason = str(obj(response['incomplete_details'])['reason']);
  // xAI once says `complete`.
  if (status === 'completed' || status === 'complete') return 'stop';
  if (status === 'incomplete') return reason === 'max_output_tokens' ? 'length' : reason === 'content_filter' ? 'content-filter' : 'other';
  return status === 'failed' ? 'error' : 'none';
};

const readEnvelope = (reading: Reading, response: Obj): void => {
  reading.id = str(response['id']);
  reading.model = str(response['model']);
  if (has(response['usage'])) reading.usage = responsesUsage(obj(response['usage']));
  if (has(response['error'])) {
    const error = obj(response['error']);
    reading.error = { message: str(error['message']), type: str(error['type']) || str(error['code']) };
  }
};

/** No item has more. */
const mostParts = 1000;

/** An item as its deltas tell it. */
interface OpenItem {
  item: Obj;
  closed: boolean;
}

/** The events of one stream: items are put together from deltas, and held against what the done events say. */
class ResponseStream {
  readonly reading: Reading = newReading();
  readonly #items = new Map<number, OpenItem>();
  #sequence = -1;
  #final: Obj | undefined;

  take(event: string, body: Obj): void {
    const type = str(body['type']);
    const { faults } = this.reading;
    if (event !== type) faults.push(`event ${event} carries ${type}`);
    if (this.reading.ended) faults.push(`${type} after the end`);
    const sequence = num(body['sequence_number']);
    if (sequence === undefined || sequence <= this.#sequence) faults.push(`sequence_number ${sequence} after ${this.#sequence}`);
    this.#sequence = sequence ?? this.#sequence;
    if (Object.hasOwn(this.#handlers, type)) this.#handlers[type]?.(body);
  }

  readonly #end = (body: Obj): void => {
    this.#final = obj(body['response']);
    this.reading.ended = true;
  };

  readonly #handlers: Record<string, (body: Obj) => void> = {
    'response.created': (body) => {
      this.reading.id = str(obj(body['response'])['id']);
    },
    'response.output_item.added': (body) => {
      const index = num(body['output_index']) ?? -1;
      if (this.#items.has(index)) this.reading.faults.push(`item ${index} is added twice`);
      this.#items.set(index, { item: structuredClone(obj(body['item'])), closed: false });
    },
    'response.output_item.done': (body) => this.#close(body),
    'response.output_text.delta': (body) => this.#append(body, 'content', 'text', 'output_text'),
    'response.refusal.delta': (body) => this.#append(body, 'content', 'refusal', 'refusal'),
    'response.reasoning_text.delta': (body) => this.#append(body, 'content', 'text', 'reasoning_text'),
    'response.reasoning_summary_text.delta': (body) => this.#append(body, 'summary', 'text', 'summary_text'),
    'response.function_call_arguments.delta': (body) => this.#extend(body, 'arguments'),
    'response.custom_tool_call_input.delta': (body) => this.#extend(body, 'input'),
    'response.output_text.annotation.added': (body) => {
      const part = this.#part(body, 'content', 'output_text');
      if (part) part['annotations'] = [...list(part['annotations']), obj(body['annotation'])];
    },
    'response.completed': this.#end,
    'response.incomplete': this.#end,
    'response.failed': this.#end,
    error: (body) => {
      const error = has(body['error']) ? obj(body['error']) : body;
      this.reading.error = { message: str(error['message']), type: str(error['type']) || str(error['code']) };
      this.reading.ended = true;
    },
  };

  #item(body: Obj): Obj | undefined {
    const open = this.#items.get(num(body['output_index']) ?? -1);
    if (!open || open.closed) this.reading.faults.push(`${str(body['type'])} of an item that is not open`);
    return open?.item;
  }

  /** A part of an item's content or summary, made when its first delta comes. */
  #part(body: Obj, member: 'content' | 'summary', type: string): Obj | undefined {
    const item = this.#item(body);
    if (!item) return undefined;
    if (!Array.isArray(item[member])) item[member] = [];
    const parts = item[member] as Obj[];
    const wanted = num(body[member === 'content' ? 'content_index' : 'summary_index']) ?? 0;
    const index = Number.isInteger(wanted) && wanted >= 0 && wanted < mostParts ? wanted : 0;
    if (index !== wanted) this.reading.faults.push(`a part with the index ${wanted}`);
    while (parts.length <= index) parts.push({ type });
    if (Object.keys(obj(parts[index])).length === 0) parts[index] = { type };
    return parts[index];
  }

  #append(body: Obj, member: 'content' | 'summary', key: string, type: string): void {
    const part = this.#part(body, member, type);
    if (part) part[key] = str(part[key]) + str(body['delta']);
  }

  #extend(body: Obj, key: string): void {
    const item = this.#item(body);
    if (item) item[key] = str(item[key]) + str(body['delta']);
  }

  /** The done event's item holds; where the deltas told another story, that is a fault. */
  #close(body: Obj): void {
    const index = num(body['output_index']) ?? -1;
    const open = this.#items.get(index);
    const item = obj(body['item']);
    if (!open) this.reading.faults.push(`item ${index} is done without being added`);
    else if (open.closed) this.reading.faults.push(`item ${index} is done twice`);
    else if (summary(open.item) !== summary(item)) this.reading.faults.push(`deltas and done event of item ${index} differ`);
    this.#items.set(index, { item, closed: true });
  }

  done(): Reading {
    const { reading } = this;
    const choice = choiceAt(reading, 0);
    const items = [...this.#items.entries()].sort(([a], [b]) => a - b).map(([, open]) => open);
    for (const { item, closed } of items) {
      if (!closed && !reading.error) reading.faults.push('an item is never done');
      readItem(choice, item, reading.faults);
    }
    if (this.#final) {
      readEnvelope(reading, this.#final);
      choice.finish = finishWith(finishOf(this.#final), choice.toolCalls.length);
      const told = list(this.#final['output']).map(summary);
      if (told.join('\n') !== items.map(({ item }) => summary(item)).join('\n')) reading.faults.push('the last event has another output');
    }
    return reading;
  }
}

/** What an item says, as one text to compare. */
const summary = (item: Obj): string => {
  const choice = choiceAt(newReading(), 0);
  readItem(choice, item, []);
  return JSON.stringify([item['type'], choice.text, choice.refusal, choice.thinking, choice.toolCalls]);
};

/** OpenAI Responses. */
export const openaiResponses: Reader = {
  whole(text) {
    const reading = newReading();
    const body = obj(parseJson(text));
    readEnvelope(reading, body);
    const choice = choiceAt(reading, 0);
    for (const item of list(body['output'])) readItem(choice, item, reading.faults);
    choice.finish = finishWith(finishOf(body), choice.toolCalls.length);
    if (choice.finish === 'none' || choice.finish === 'other') reading.faults.push(`status is ${JSON.stringify(body['status'])}`);
    if (body['object'] !== 'response') reading.faults.push(`object is ${JSON.stringify(body['object'])}`);
    reading.ended = true;
    return reading;
  },
  stream(text) {
    const stream = new ResponseStream();
    for (const { event, data } of readEvents(text)) {
      if (data === '[DONE]') continue;
      stream.take(event, obj(parseJson(data)));
    }
    return stream.done();
  },
};

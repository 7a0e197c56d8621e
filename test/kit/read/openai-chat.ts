import { parseJson, readEvents } from './events.ts';
import { chatUsage } from './openai-usage.ts';
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

const finishes: Record<string, FinishClass> = {
  stop: 'stop',
  eos: 'stop',
  length: 'length',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'content-filter',
  error: 'error',
};

/** OpenAI's word for why it ended. */
export const chatFinish = (word: unknown): FinishClass => {
  const text = str(word);
  return text === '' ? 'none' : (finishes[text] ?? 'other');
};

const words = new Set(['stop', 'length', 'tool_calls', 'content_filter', 'function_call']);

interface OpenCall {
  id: string;
  name: string;
  text: string;
  custom: boolean;
}

/** What one choice is made of until its end; whole messages are read as one delta. */
interface OpenChoice {
  calls: OpenCall[];
  byIndex: Map<number, OpenCall>;
  finishes: number;
  roles: number;
  plainThoughts: string;
  detailedThoughts: string;
}

/** OpenAI chat completions, with the places where its vendors put thoughts, calls and counts. */
class ChatReading {
  readonly reading: Reading = newReading();
  readonly #open = new Map<number, OpenChoice>();
  #usages = 0;

  envelope(body: Obj): void {
    const { reading } = this;
    const id = str(body['id']);
    if (id !== '' && reading.id !== '' && id !== reading.id) reading.faults.push(`id changes from ${reading.id} to ${id}`);
    reading.id ||= id;
    reading.model ||= str(body['model']);
    const usage = has(body['usage']) ? body['usage'] : obj(body['x_groq'])['usage'];
    if (has(usage)) {
      reading.usage = chatUsage(obj(usage));
      if (has(body['usage'])) this.#usages++;
      if (this.#usages > 1) reading.faults.push('usage more than once');
    }
    if (has(body['error'])) {
      const error = obj(body['error']);
      reading.error = { message: str(error['message']), type: str(error['type']) };
    }
  }

  delta(index: number, delta: Obj): void {
    const choice = choiceAt(this.reading, index);
    const open = this.#at(index);
    if (str(delta['role']) !== '') open.roles++;
    readContent(choice, delta['content']);
    choice.refusal += str(delta['refusal']);
    readThoughts(choice, open, delta);
    for (const call of list(delta['tool_calls'])) this.#call(open, call);
    const legacy = delta['function_call'];
    // An empty one is none (Snowflake).
    if (str(obj(legacy)['name']) + str(obj(legacy)['arguments']) !== '') this.#call(open, { index: 0, function: legacy });
    for (const annotation of list(delta['annotations'])) {
      const url = str(obj(annotation['url_citation'])['url']);
      if (url !== '') choice.citations.push(url);
    }
    choice.transcript += str(obj(delta['audio'])['transcript']);
  }

  finish(index: number, word: unknown): void {
    const finish = chatFinish(word);
    if (finish === 'none') return;
    if (!words.has(str(word))) this.reading.faults.push(`finish_reason '${str(word)}' is no word of the format`);
    choiceAt(this.reading, index).finish = finish;
    if (++this.#at(index).finishes > 1) this.reading.faults.push(`choice ${index} finishes twice`);
  }

  done(streamed: boolean): Reading {
    const { reading } = this;
    reading.choices.forEach((choice, index) => {
      // A number that was passed over.
      if (!this.#open.has(index)) return;
      const open = this.#at(index);
      if (streamed && open.roles !== 1) reading.faults.push(`choice ${index} says its role ${open.roles} times`);
      if (open.finishes === 0) reading.faults.push(`choice ${index} has no finish reason`);
      choice.thinking += open.plainThoughts || open.detailedThoughts;
      for (const call of open.calls) {
        if (call.id === '' || call.name === '') reading.faults.push(`a tool call without ${call.id === '' ? 'id' : 'name'}`);
        const parsed = call.custom ? { input: call.text } : parseArguments(call.text);
        if (typeof parsed === 'string' && choice.finish !== 'length') reading.faults.push(`arguments of ${call.name} are no JSON`);
        choice.toolCalls.push({ id: call.id, name: call.name, arguments: parsed });
      }
      choice.finish = finishWith(choice.finish, choice.toolCalls.length);
    });
    return reading;
  }

  #at(index: number): OpenChoice {
    let open = this.#open.get(index);
    if (!open)
      this.#open.set(index, (open = { calls: [], byIndex: new Map(), finishes: 0, roles: 0, plainThoughts: '', detailedThoughts: '' }));
    return open;
  }

  #call(open: OpenChoice, wire: Obj): void {
    const index = num(wire['index']) ?? open.calls.length;
    const id = str(wire['id']);
    const custom = has(wire['custom']) && wire['type'] !== 'function';
    const body = obj(custom ? wire['custom'] : wire['function']);
    let call = open.byIndex.get(index);
    // Some vendors give every call the index 0: another id with a name is another call.
    if (!call || (id !== '' && call.id !== '' && id !== call.id && str(body['name']) !== '')) {
      if (call) this.reading.faults.push(`index ${index} is used for two calls`);
      call = { id: '', name: '', text: '', custom };
      open.calls.push(call);
      open.byIndex.set(index, call);
    }
    call.id ||= id;
    call.name ||= str(body['name']);
    const text = body[custom ? 'input' : 'arguments'];
    call.text += typeof text === 'object' && text !== null ? JSON.stringify(text) : str(text);
  }
}

const readContent = (choice: ChoiceReading, content: unknown): void => {
  if (typeof content === 'string') {
    choice.text += content;
    return;
  }
  // Mistral: parts of text and of thinking.
  for (const part of list(content)) {
    if (part['type'] === 'text') choice.text += str(part['text']);
    else if (part['type'] === 'thinking')
      choice.thinking += list(part['thinking'])
        .map((piece) => str(piece['text']))
        .join('');
  }
};

/** Thoughts stand in one of three places, and OpenRouter repeats them in two. */
const readThoughts = (choice: ChoiceReading, open: OpenChoice, delta: Obj): void => {
  const details = list(delta['reasoning_details']);
  open.plainThoughts += str(delta['reasoning_content']) || str(delta['reasoning']);
  open.detailedThoughts += details.map((detail) => str(detail['text']) || str(detail['summary'])).join('');
  for (const detail of details) {
    const opaque = str(detail['signature']) || str(detail['data']);
    if (opaque !== '') choice.signatures.push(opaque);
  }
};

export const openaiChat: Reader = {
  whole(text) {
    const reading = new ChatReading();
    const body = obj(parseJson(text));
    reading.envelope(body);
    for (const [at, choice] of list(body['choices']).entries()) {
      const index = num(choice['index']) ?? at;
      reading.delta(index, obj(choice['message']));
      reading.finish(index, choice['finish_reason']);
    }
    reading.reading.ended = true;
    if (body['object'] !== 'chat.completion') reading.reading.faults.push(`object is ${JSON.stringify(body['object'])}`);
    return reading.done(false);
  },

  stream(text) {
    const reading = new ChatReading();
    const { faults } = reading.reading;
    for (const { data, event } of readEvents(text)) {
      if (reading.reading.ended) faults.push('events after [DONE]');
      if (data === '[DONE]') {
        reading.reading.ended = true;
        continue;
      }
      const body = obj(parseJson(data));
      if (Object.keys(body).length === 0) faults.push(`no JSON object: ${data.slice(0, 60)}`);
      if (event !== '') faults.push(`a named event: ${event}`);
      if (body['object'] !== 'chat.completion.chunk' && !has(body['error'])) faults.push(`object is ${JSON.stringify(body['object'])}`);
      reading.envelope(body);
      for (const choice of list(body['choices'])) {
        const index = num(choice['index']) ?? 0;
        reading.delta(index, obj(choice['delta']));
        reading.finish(index, choice['finish_reason']);
      }
    }
    return reading.done(true);
  },
};

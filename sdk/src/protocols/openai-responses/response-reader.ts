import type { DecodeHints, Emit, JsonObject, Part, SluiceError, ToolCallPart } from '../../types/index.ts';
import { asNumber, asObject, asObjects, asString } from '../shared/read.ts';
import { readAnnotation } from './citation.ts';
import { readFinish } from './finish.ts';
import { ownMembersOf } from './known-members.ts';
import { asNative, family, protocolId, without } from './native.ts';
import { flatName } from './namespace.ts';
import { usageOf } from './usage.ts';

/** A text being streamed: of a message, or a paragraph of a thought. */
interface OpenText {
  /** The part's index; that of the item for a paragraph. */
  index: number;
  seen: number;
  annotations: number;
  ended: boolean;
}

interface OpenItem {
  type: string;
  /** The part's index, for items that are one part. */
  index: number;
  /** In the order of their first event: Bedrock's content indexes do not match the places in the item. */
  texts: Map<string, OpenText>;
  /** Characters of arguments. */
  seen: number;
  itemMembers: JsonObject;
  done: boolean;
}

const isCall = (type: string): boolean => type === 'function_call' || type === 'custom_tool_call';

/** The bookkeeping of one answer: events in, parts out. Whole answers go through the same machine. */
export class ResponseReader {
  readonly #emit: Emit;
  readonly #hints: DecodeHints | undefined;
  readonly #items = new Map<unknown, OpenItem>();
  #last: OpenItem | undefined;
  #next = 0;
  #started = false;
  #toolCalls = false;
  #refusal = false;
  /** The end, or an error, was emitted. */
  over = false;

  constructor(emit: Emit, hints?: DecodeHints) {
    this.#emit = emit;
    this.#hints = hints;
  }

  start(response: JsonObject): void {
    if (this.#started) return;
    this.#started = true;
    const id = asString(response['id']);
    const model = asString(response['model']);
    const createdAt = asNumber(response['created_at']);
    const serviceTier = asString(response['service_tier']);
    this.#emit({
      type: 'start',
      ...(id !== undefined && { id }),
      ...(model !== undefined && { model }),
      ...(createdAt !== undefined && { createdAt }),
      ...(serviceTier !== undefined && { serviceTier }),
    });
  }

  fail(error: SluiceError): void {
    this.over = true;
    this.#emit({ type: 'error', error });
  }

  /** `response.output_item.added` */
  add(event: JsonObject): void {
    const item = asObject(event['item']);
    if (item) this.#openItem(event, item);
  }

  /** `response.output_item.done`: whatever the deltas left out is made up for. */
  done(event: JsonObject): void {
    const item = asObject(event['item']);
    if (!item) return;
    const open = this.#find(event) ?? this.#openItem(event, item);
    if (!open.done) this.#finishItem(open, item);
  }

  text(event: JsonObject, refusal: boolean): void {
    const { open, text } = this.#text(event, refusal ? 'refusal' : 'text') ?? {};
    if (!open || !text) return;
    const delta = asString(event['delta']) ?? asString(event['text']) ?? asString(event['refusal']) ?? '';
    if (event['delta'] === undefined) this.#catchUp(open, text, delta);
    else this.#textDelta(text, delta, event['logprobs']);
  }

  annotation(event: JsonObject): void {
    const annotation = asObject(event['annotation']);
    if (!annotation) return;
    const { text } = this.#text(event, 'text') ?? {};
    if (!text || text.ended) return;
    text.annotations++;
    this.#emit({ type: 'citation-delta', candidate: 0, index: text.index, citation: readAnnotation(annotation) });
  }

  /** `response.content_part.added`, and `.done` of those that are texts. */
  content(event: JsonObject): void {
    const part = asObject(event['part']);
    if (part?.['type'] === 'output_text') this.#text(event, 'text');
    else if (part?.['type'] === 'refusal') this.#text(event, 'refusal');
  }

  /** A delta, or the whole, of a paragraph of a thought. */
  thought(event: JsonObject, list: 'summary' | 'content'): void {
    const found = this.#find(event);
    const open = found?.type === 'reasoning' ? found : this.#openItem(event, { type: 'reasoning', id: event['item_id'] });
    if (open.done) return;
    const text = this.#paragraph(open, `${list}${String(event[`${list}_index`] ?? 0)}`);
    const delta = asString(event['delta']);
    if (delta === undefined) this.#catchUp(open, text, asString(event['text']) ?? '');
    else this.#thoughtDelta(text, delta);
  }

  arguments(event: JsonObject, whole: 'arguments' | 'input'): void {
    const open = this.#find(event);
    // A call without a name yet is begun, with all its arguments, when its item is done.
    if (!open || open.done || open.index === -1 || !isCall(open.type)) return;
    const delta = asString(event['delta']) ?? (asString(event[whole]) ?? '').slice(open.seen);
    this.#argumentsDelta(open, delta);
  }

  /** The last event of a good answer. */
  finish(response: JsonObject): void {
    this.start(response);
    // Some vendors send no events for items, or leave some without an end.
    asObjects(response['output']).forEach((item, at) => {
      const open = this.#items.get(at) ?? this.#items.get(item['id']);
      if (!open) this.done({ output_index: at, item });
      else if (!open.done) this.#finishItem(open, item);
    });
    for (const open of this.#items.values()) if (!open.done) this.#finishItem(open, {});
    const usage = usageOf(response);
    if (usage) this.#emit({ type: 'usage', usage });
    this.#extra(response);
    this.#emit({ type: 'finish', candidate: 0, ...readFinish(response, { toolCalls: this.#toolCalls, refusal: this.#refusal }) });
    this.over = true;
    this.#emit({ type: 'end' });
  }

  #extra(response: JsonObject): void {
    const value = ownMembersOf(response);
    const serviceTier = asString(response['service_tier']);
    if (Object.keys(value).length > 0 || serviceTier !== undefined) {
      this.#emit({ type: 'extra', protocol: protocolId, value, ...(serviceTier !== undefined && { serviceTier }) });
    }
  }

  /** By place; by id only where a vendor leaves out the place (ids differ between events at some). */
  #find(event: JsonObject): OpenItem | undefined {
    const place = event['output_index'];
    if (place !== undefined) return this.#items.get(place);
    const id = event['item_id'] ?? asObject(event['item'])?.['id'];
    return id === undefined ? this.#last : this.#items.get(id);
  }

  #openItem(event: JsonObject, item: JsonObject): OpenItem {
    this.start({});
    const type = asString(item['type']) ?? 'message';
    const itemMembers: JsonObject = {};
    for (const name of ['id', 'phase']) if (typeof item[name] === 'string') itemMembers[name] = item[name];
    const open: OpenItem = { type, index: -1, texts: new Map(), seen: 0, itemMembers, done: false };
    const key = event['output_index'] ?? event['item_id'] ?? item['id'] ?? this.#items.size;
    // A place that is taken by something else must not make that unfindable at the end.
    this.#items.set(this.#items.has(key) ? open : key, open);
    this.#last = open;
    if (type === 'reasoning') {
      const id = asString(item['id']);
      this.#begin(open, { type: 'thinking', text: '', ...(id !== undefined && { id }) });
    } else if (isCall(type) && asString(item['name']) !== undefined) {
      this.#beginCall(open, item);
    }
    return open;
  }

  #begin(open: OpenItem, part: Part): void {
    open.index = this.#next++;
    this.#emit({ type: 'part-start', candidate: 0, index: open.index, part });
  }

  #beginCall(open: OpenItem, item: JsonObject): void {
    this.#toolCalls = true;
    const name = asString(item['name']) ?? '';
    const namespace = asString(item['namespace']);
    const flat = flatName(namespace, name);
    const itemId = asString(item['id']);
    const part: ToolCallPart = {
      type: 'tool-call',
      kind: open.type === 'custom_tool_call' ? 'custom' : 'function',
      id: asString(item['call_id']) || itemId || `call_${this.#next}`,
      name: this.#hints?.toolNames?.[flat] ?? flat,
      arguments: '',
      ...(itemId !== undefined && { itemId }),
      ...asNative(namespace === undefined ? {} : { item: { namespace }, name, namespace }),
    };
    this.#begin(open, part);
  }

  #text(event: JsonObject, type: 'text' | 'refusal'): { open: OpenItem; text: OpenText } | undefined {
    const found = this.#find(event);
    const open = found?.type === 'message' ? found : this.#openItem(event, { type: 'message', id: event['item_id'] });
    if (open.done) return undefined;
    return { open, text: this.#textPart(open, String(event['content_index'] ?? 0), type) };
  }

  #textPart(open: OpenItem, key: string, type: 'text' | 'refusal'): OpenText {
    const found = open.texts.get(key);
    if (found) return found;
    if (type === 'refusal') this.#refusal = true;
    const native = open.texts.size === 0 ? { item: { type: 'message', ...open.itemMembers } } : { continues: true };
    const text: OpenText = { index: this.#next++, seen: 0, annotations: 0, ended: false };
    open.texts.set(key, text);
    this.#emit({ type: 'part-start', candidate: 0, index: text.index, part: { type, text: '', ...asNative(native) } });
    return text;
  }

  #textDelta(text: OpenText, delta: string, logprobs: unknown): void {
    if (delta === '' || text.ended) return;
    text.seen += delta.length;
    const content = asObjects(logprobs);
    this.#emit({ type: 'text-delta', candidate: 0, index: text.index, text: delta, ...(content.length > 0 && { logprobs: { content } }) });
  }

  #paragraph(open: OpenItem, key: string): OpenText {
    const found = open.texts.get(key);
    if (found) return found;
    const text: OpenText = { index: open.index, seen: 0, annotations: 0, ended: false };
    if (open.texts.size > 0) this.#emit({ type: 'thinking-delta', candidate: 0, index: open.index, text: '', newParagraph: true });
    open.texts.set(key, text);
    return text;
  }

  #thoughtDelta(text: OpenText, delta: string): void {
    if (delta === '') return;
    text.seen += delta.length;
    this.#emit({ type: 'thinking-delta', candidate: 0, index: text.index, text: delta });
  }

  #argumentsDelta(open: OpenItem, delta: string): void {
    if (delta === '') return;
    open.seen += delta.length;
    this.#emit({ type: 'arguments-delta', candidate: 0, index: open.index, text: delta });
  }

  /** The whole of a text is known: what no delta brought is emitted now. */
  #catchUp(open: OpenItem, text: OpenText, whole: string): void {
    const missing = whole.slice(text.seen);
    if (open.type === 'reasoning') this.#thoughtDelta(text, missing);
    else this.#textDelta(text, missing, undefined);
  }

  #endText(text: OpenText): void {
    if (text.ended) return;
    text.ended = true;
    this.#emit({ type: 'part-end', candidate: 0, index: text.index });
  }

  #finishItem(open: OpenItem, item: JsonObject): void {
    open.done = true;
    if (open.type === 'message') return this.#finishMessage(open, item);
    if (open.type === 'reasoning') return this.#finishReasoning(open, item);
    if (isCall(open.type)) return this.#finishCall(open, item);
    if (Object.keys(item).length > 0) this.#whole(open, item);
  }

  #finishMessage(open: OpenItem, item: JsonObject): void {
    const keys = [...open.texts.keys()];
    asObjects(item['content']).forEach((part, at) => {
      const refusal = part['type'] === 'refusal';
      if (!refusal && part['type'] !== 'output_text' && part['type'] !== 'text') return;
      const text = this.#textPart(open, keys[at] ?? `done${at}`, refusal ? 'refusal' : 'text');
      const whole = asString(part[refusal ? 'refusal' : 'text']) ?? '';
      this.#textDelta(text, whole.slice(text.seen), text.seen === 0 ? part['logprobs'] : undefined);
      for (const annotation of asObjects(part['annotations']).slice(text.annotations)) {
        text.annotations++;
        if (!text.ended) this.#emit({ type: 'citation-delta', candidate: 0, index: text.index, citation: readAnnotation(annotation) });
      }
      this.#endText(text);
    });
    for (const text of open.texts.values()) this.#endText(text);
  }

  #finishReasoning(open: OpenItem, item: JsonObject): void {
    for (const list of ['content', 'summary'] as const) {
      const keys = [...open.texts.keys()].filter((key) => key.startsWith(list));
      asObjects(item[list]).forEach((each, at) => {
        const text = this.#paragraph(open, keys[at] ?? `${list}-done${at}`);
        this.#thoughtDelta(text, (asString(each['text']) ?? '').slice(text.seen));
      });
    }
    const value = asString(item['encrypted_content']);
    if (value !== undefined && value !== '')
      this.#emit({ type: 'signature-delta', candidate: 0, index: open.index, signature: { origin: this.#hints?.origin ?? family, value } });
    this.#emit({ type: 'part-end', candidate: 0, index: open.index });
  }

  #finishCall(open: OpenItem, item: JsonObject): void {
    if (open.index === -1) this.#beginCall(open, item);
    const whole = asString(item[open.type === 'custom_tool_call' ? 'input' : 'arguments']) ?? '';
    this.#argumentsDelta(open, whole.slice(open.seen));
    this.#emit({ type: 'part-end', candidate: 0, index: open.index });
  }

  /** An item that comes in one piece: a picture, or what only this family reads. */
  #whole(open: OpenItem, item: JsonObject): void {
    const data = open.type === 'image_generation_call' ? asString(item['result']) : undefined;
    if (data === undefined) {
      this.#begin(open, { type: 'opaque', origin: this.#hints?.origin ?? family, value: item, ...asNative({ item: true }) });
    } else {
      const mediaType = `image/${asString(item['output_format']) ?? 'png'}`;
      this.#begin(open, { type: 'image', source: { kind: 'base64', mediaType, data }, ...asNative({ item: without(item, 'result') }) });
    }
    this.#emit({ type: 'part-end', candidate: 0, index: open.index });
  }
}

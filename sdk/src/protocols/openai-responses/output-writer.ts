import type { FinishReason, FromResultContext, JsonObject, Part, Signature, StreamPart } from '../../types/index.ts';
import { describeMedia } from '../shared/media-note.ts';
import { CallItem, ClientCallItem, imageItem, MessageItem, ReasoningItem, wholeItem, type Sink } from './answer-items.ts';
import { family, nativeOf, objectIn, ownReasoningId } from './native.ts';
import { createNameFinder } from './namespace.ts';
import { blockItem, carrierItem } from './reasoning-item.ts';

/** What happens to one part. */
export type PartEvent = Extract<StreamPart, { candidate: number; index: number }>;

/** Writes one part as (a content of) an item. */
interface Writer {
  event(event: PartEvent): void;
  end(): void;
}

interface Slot {
  part: Part;
  /** Set while the part is the one being written. */
  writer?: Writer;
  /** What came while another part was being written. */
  held: PartEvent[];
}

const cutShort: ReadonlySet<FinishReason> = new Set(['length', 'context-window', 'content-filter']);
const nothing: Writer = { event: () => {}, end: () => {} };

/**
 * Turns the parts of an answer into items. Parts may be open side by side; their items are written one after the
 * other, in the order in which the parts began, because clients (Codex) know one active item.
 */
export class OutputWriter {
  readonly output: JsonObject[] = [];
  readonly #sink: Sink;
  readonly #nameOf: ReturnType<typeof createNameFinder>;
  readonly #slots = new Map<number, Slot>();
  readonly #queue: Slot[] = [];
  #message: MessageItem | undefined;

  /** @param send takes each event's type and members; for a whole answer it does nothing */
  constructor({ newId, request }: FromResultContext, send: Sink['send']) {
    this.#sink = { send, newId, output: this.output, ids: new Set() };
    this.#nameOf = createNameFinder(request.tools);
  }

  push(event: PartEvent): void {
    // This format has one answer a request.
    if (event.candidate !== 0) return;
    if (event.type === 'part-start') {
      const slot: Slot = { part: event.part, held: [] };
      this.#slots.set(event.index, slot);
      this.#queue.push(slot);
      if (this.#queue[0] === slot) this.#advance();
      return;
    }
    const slot = this.#slots.get(event.index);
    if (!slot) return;
    if (event.type === 'part-end') this.#slots.delete(event.index);
    if (!slot.writer) return void slot.held.push(event);
    if (event.type !== 'part-end') return slot.writer.event(event);
    this.#end(slot.writer);
    this.#advance();
  }

  /** After the last part. */
  close(reason: FinishReason, logprobs?: JsonObject): void {
    while (this.#queue[0]?.writer) {
      this.#end(this.#queue[0].writer);
      this.#advance();
    }
    this.#closeMessage(cutShort.has(reason) ? 'incomplete' : 'completed', logprobs);
  }

  #end(writer: Writer): void {
    writer.end();
    this.#queue.shift();
  }

  /** Writes the part whose turn it is, as far as it is known, and the next if it is complete. */
  #advance(): void {
    for (let slot = this.#queue[0]; slot; slot = this.#queue[0]) {
      const writer = (slot.writer = this.#writerOf(slot.part));
      const { held } = slot;
      slot.held = [];
      const complete = held.at(-1)?.type === 'part-end';
      for (const event of held) if (event.type !== 'part-end') writer.event(event);
      if (!complete) return;
      this.#end(writer);
    }
  }

  #closeMessage(status: 'completed' | 'incomplete' = 'completed', logprobs?: JsonObject): void {
    this.#message?.close(status, logprobs);
    this.#message = undefined;
  }

  /** Another item than a message is written now. */
  #item(item: JsonObject): Writer {
    this.#closeMessage();
    wholeItem(this.#sink, item);
    return nothing;
  }

  #writerOf(part: Part): Writer {
    switch (part.type) {
      case 'text':
        return this.#text(part, 'output_text');
      case 'refusal':
        return this.#text(part, 'refusal');
      case 'audio':
      case 'video':
      case 'file':
        return this.#text({ type: 'text', text: '' }, 'output_text', describeMedia(part));
      case 'thinking':
        return this.#thinking(part);
      case 'tool-call':
        return this.#call(part);
      case 'opaque':
        if (part.origin === family) return this.#item(part.value);
        if (part.text) return this.#text({ type: 'text', text: '' }, 'output_text', part.text);
        return this.#item(blockItem(this.#sink.newId(ownReasoningId), part));
      case 'image':
        if (part.source.kind !== 'base64') return this.#text({ type: 'text', text: '' }, 'output_text', describeMedia(part));
        return this.#image(part.source.data, part.source.mediaType, part);
      default:
        return nothing;
    }
  }

  #text(part: Extract<Part, { type: 'text' | 'refusal' }>, type: 'output_text' | 'refusal', text = part.text): Writer {
    // The provider began another item of its own.
    if (objectIn(nativeOf(part), 'item')) this.#closeMessage();
    const message = (this.#message ??= new MessageItem(this.#sink, part));
    message.begin(type);
    message.delta(text);
    let signature: Signature | undefined = part.type === 'text' ? part.signature : undefined;
    return {
      event: (event) => {
        if (event.type === 'text-delta') message.delta(event.text, event.logprobs);
        else if (event.type === 'audio-delta') message.delta(event.transcript ?? '');
        else if (event.type === 'citation-delta') message.cite(event.citation);
        else if (event.type === 'signature-delta') signature = event.signature;
      },
      end: () => {
        message.end();
        if (signature && signature.origin !== family) this.#item(carrierItem(this.#sink.newId(ownReasoningId), signature, { of: 'text' }));
      },
    };
  }

  #image(data: string, mediaType: string, part: Extract<Part, { type: 'image' }>): Writer {
    this.#item(imageItem(data, mediaType, nativeOf(part), this.#sink.newId));
    const { signature } = part;
    return signature && signature.origin !== family
      ? this.#item(carrierItem(this.#sink.newId(ownReasoningId), signature, { of: 'image' }))
      : nothing;
  }

  #thinking(part: Extract<Part, { type: 'thinking' }>): Writer {
    this.#closeMessage();
    const item = new ReasoningItem(this.#sink, part);
    if (part.text !== '') item.delta(part.text, false);
    return {
      event: (event) => {
        if (event.type === 'thinking-delta') item.delta(event.text, event.newParagraph === true);
        else if (event.type === 'signature-delta') item.sign(event.signature);
      },
      end: () => item.close(),
    };
  }

  #call(part: Extract<Part, { type: 'tool-call' }>): Writer {
    this.#closeMessage();
    const name = this.#nameOf(part);
    const item = name.runs === undefined ? new CallItem(this.#sink, part, name) : new ClientCallItem(this.#sink, part, name.runs);
    item.delta(part.arguments);
    return {
      event: (event) => {
        if (event.type === 'arguments-delta') item.delta(event.text);
        else if (event.type === 'signature-delta') item.sign(event.signature);
      },
      end: () => item.close(),
    };
  }
}

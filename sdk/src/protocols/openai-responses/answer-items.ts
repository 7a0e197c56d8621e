import type {
  Citation,
  FromResultContext,
  JsonObject,
  RefusalPart,
  Signature,
  TextPart,
  ThinkingPart,
  ToolCallPart,
} from '../../types/index.ts';
import { asObject, asString } from '../shared/read.ts';
import { sealCallId } from '../shared/seal.ts';
import { writeAnnotation } from './citation.ts';
import { clientCallItem } from './client-tools.ts';
import { family, nativeOf, objectIn, ownReasoningId } from './native.ts';
import { writeLogprobs } from './logprobs.ts';
import type { QualifiedName } from './namespace.ts';
import { answerReasoning, carrierItem } from './reasoning-item.ts';

/*
 * The items of an answer, each written as its events say: added empty, filled by deltas, done whole
 * (https://platform.openai.com/docs/api-reference/responses-streaming, read 2026-11-21). One item is open at a time.
 */

/** Where items go. */
export interface Sink {
  send(type: string, members: JsonObject): void;
  newId: FromResultContext['newId'];
  /** The finished items; the open one will be the next. */
  output: JsonObject[];
  /** Ids in use: some vendors give one twice (xAI), which clients refuse. */
  ids: Set<string>;
}

/** The id that the provider gave, if it may stand; else one made here. */
const freshId = ({ ids, newId }: Sink, given: string | undefined, prefix: string): string => {
  const id = given === undefined || given === '' || ids.has(given) ? newId(prefix) : given;
  ids.add(id);
  return id;
};

const added = ({ send, output }: Sink, item: JsonObject): void => send('response.output_item.added', { output_index: output.length, item });

const done = ({ send, output }: Sink, item: JsonObject): void => {
  send('response.output_item.done', { output_index: output.length, item });
  output.push(item);
};

/** An item that comes in one piece. */
export const wholeItem = (sink: Sink, item: JsonObject): void => {
  added(sink, item);
  done(sink, item);
};

interface OpenContent {
  part: JsonObject;
  text: string;
  logprobs: JsonObject[];
  annotations: JsonObject[];
}

/** A message with its texts and refusals. Neighbouring texts of one answer are contents of one message. */
export class MessageItem {
  readonly #sink: Sink;
  readonly #members: JsonObject;
  readonly #content: JsonObject[] = [];
  #open: OpenContent | undefined;
  #last: OpenContent | undefined;

  constructor(sink: Sink, part: TextPart | RefusalPart | undefined) {
    this.#sink = sink;
    const native = objectIn(nativeOf(part), 'item');
    const phase = asString(native?.['phase']);
    this.#members = {
      id: freshId(sink, asString(native?.['id']), 'msg_'),
      type: 'message',
      role: 'assistant',
      ...(phase !== undefined && { phase }),
    };
    added(sink, { ...this.#members, status: 'in_progress', content: [] });
  }

  get #place(): JsonObject {
    return { item_id: this.#members['id'], output_index: this.#sink.output.length, content_index: this.#content.length };
  }

  begin(type: 'output_text' | 'refusal'): void {
    const part: JsonObject = type === 'refusal' ? { type, refusal: '' } : { type, text: '', annotations: [], logprobs: [] };
    this.#open = { part, text: '', logprobs: [], annotations: [] };
    this.#sink.send('response.content_part.added', { ...this.#place, part });
  }

  delta(text: string, logprobs?: JsonObject): void {
    const open = this.#open;
    if (!open || text === '') return;
    open.text += text;
    if (open.part['type'] === 'refusal') return this.#sink.send('response.refusal.delta', { ...this.#place, delta: text });
    const list = writeLogprobs(logprobs);
    open.logprobs.push(...list);
    this.#sink.send('response.output_text.delta', { ...this.#place, delta: text, logprobs: list });
  }

  cite(citation: Citation): void {
    const open = this.#open;
    const annotation = open && writeAnnotation(citation, open.text.length);
    if (!annotation || open.part['type'] === 'refusal') return;
    this.#sink.send('response.output_text.annotation.added', { ...this.#place, annotation_index: open.annotations.length, annotation });
    open.annotations.push(annotation);
  }

  end(): void {
    const open = this.#open;
    if (!open) return;
    const { text, logprobs, annotations } = open;
    const refusal = open.part['type'] === 'refusal';
    const part: JsonObject = refusal ? { type: 'refusal', refusal: text } : { type: 'output_text', text, annotations, logprobs };
    const place = this.#place;
    if (refusal) this.#sink.send('response.refusal.done', { ...place, refusal: text });
    else this.#sink.send('response.output_text.done', { ...place, text, logprobs });
    this.#sink.send('response.content_part.done', { ...place, part });
    this.#content.push(part);
    this.#last = { ...open, part };
    this.#open = undefined;
  }

  /** @param logprobs of the whole answer, where they came at its end */
  close(status: 'completed' | 'incomplete', logprobs?: JsonObject): void {
    this.end();
    const late = writeLogprobs(logprobs);
    if (this.#last && this.#last.part['type'] === 'output_text' && this.#last.logprobs.length === 0 && late.length > 0) {
      this.#content[this.#content.length - 1] = { ...this.#last.part, logprobs: late };
    }
    done(this.#sink, { ...this.#members, status, content: this.#content });
  }
}

/** A thought: readable paragraphs as a summary, and what is opaque in it. */
export class ReasoningItem {
  readonly #sink: Sink;
  readonly #part: ThinkingPart;
  readonly #id: string;
  readonly #paragraphs: string[] = [];
  #open = false;

  constructor(sink: Sink, part: ThinkingPart) {
    this.#sink = sink;
    this.#part = { ...part };
    this.#id = freshId(sink, part.id, ownReasoningId);
    added(sink, { type: 'reasoning', id: this.#id, summary: [] });
  }

  get #place(): JsonObject {
    return { item_id: this.#id, output_index: this.#sink.output.length, summary_index: this.#paragraphs.length - 1 };
  }

  delta(text: string, newParagraph: boolean): void {
    if (newParagraph || !this.#open) this.#paragraph();
    if (text === '') return;
    this.#paragraphs[this.#paragraphs.length - 1] += text;
    this.#sink.send('response.reasoning_summary_text.delta', { ...this.#place, delta: text });
  }

  sign(signature: Signature): void {
    const before = this.#part.signature;
    this.#part.signature = before?.origin === signature.origin ? { ...signature, value: before.value + signature.value } : signature;
  }

  close(): void {
    this.#endParagraph();
    const text = this.#paragraphs.join('\n\n');
    const { summary: _given, ...part } = this.#part;
    done(this.#sink, answerReasoning({ ...part, text, ...(this.#paragraphs.length > 1 && { summary: this.#paragraphs }) }, this.#id));
  }

  #paragraph(): void {
    this.#endParagraph();
    this.#paragraphs.push('');
    this.#open = true;
    this.#sink.send('response.reasoning_summary_part.added', { ...this.#place, part: { type: 'summary_text', text: '' } });
  }

  #endParagraph(): void {
    if (!this.#open) return;
    this.#open = false;
    const text = this.#paragraphs.at(-1) ?? '';
    this.#sink.send('response.reasoning_summary_text.done', { ...this.#place, text });
    this.#sink.send('response.reasoning_summary_part.done', { ...this.#place, part: { type: 'summary_text', text } });
  }
}

/** A call of a function or of a custom tool. */
export class CallItem {
  readonly #sink: Sink;
  readonly #part: ToolCallPart;
  readonly #members: JsonObject;
  #text = '';
  #lateSignature: Signature | undefined;

  constructor(sink: Sink, part: ToolCallPart, { name, namespace }: QualifiedName) {
    this.#sink = sink;
    this.#part = part;
    const custom = part.kind === 'custom';
    this.#members = {
      type: custom ? 'custom_tool_call' : 'function_call',
      id: freshId(sink, part.itemId, custom ? 'ctc_' : 'fc_'),
      // Results name their call by its id, so two calls cannot share one.
      call_id: freshId(sink, part.id === '' ? undefined : sealCallId(part, family), 'call_'),
      name,
      ...(namespace !== undefined && { namespace }),
    };
    added(sink, this.#item('in_progress'));
  }

  #item(status: string): JsonObject {
    return { ...this.#members, [this.#part.kind === 'custom' ? 'input' : 'arguments']: this.#text, status };
  }

  get #place(): JsonObject {
    return { item_id: this.#members['id'], output_index: this.#sink.output.length };
  }

  delta(text: string): void {
    if (text === '') return;
    this.#text += text;
    const type = this.#part.kind === 'custom' ? 'response.custom_tool_call_input.delta' : 'response.function_call_arguments.delta';
    this.#sink.send(type, { ...this.#place, delta: text });
  }

  sign(signature: Signature): void {
    this.#lateSignature = signature;
  }

  close(): void {
    const { kind, id } = this.#part;
    if (kind === 'custom') {
      this.#sink.send('response.custom_tool_call_input.done', { ...this.#place, input: this.#text });
    } else {
      // Clients parse the arguments; no arguments are an empty object.
      if (this.#text === '') this.delta('{}');
      this.#sink.send('response.function_call_arguments.done', { ...this.#place, name: this.#members['name'], arguments: this.#text });
    }
    done(this.#sink, this.#item('completed'));
    // The id went out before this was known (FP-17).
    const signature = this.#lateSignature;
    if (signature && signature.origin !== family)
      wholeItem(this.#sink, carrierItem(this.#sink.newId(ownReasoningId), signature, { of: 'call', callId: id }));
  }
}

/** A call of a tool that OpenAI defines and the client runs. What it is to do is known once the arguments are complete. */
export class ClientCallItem {
  readonly #sink: Sink;
  readonly #part: ToolCallPart;
  readonly #runs: string;
  #text = '';
  #signature: Signature | undefined;

  constructor(sink: Sink, part: ToolCallPart, runs: string) {
    this.#sink = sink;
    this.#part = part;
    this.#runs = runs;
    this.#signature = part.signature;
  }

  delta(text: string): void {
    this.#text += text;
  }

  sign(signature: Signature): void {
    this.#signature = signature;
  }

  close(): void {
    const { id } = this.#part;
    const callId = freshId(this.#sink, id === '' ? undefined : sealCallId({ id, signature: this.#signature }, family), 'call_');
    const item = clientCallItem(this.#runs, callId, this.#text, this.#sink.newId);
    added(this.#sink, { ...item, status: 'in_progress' });
    done(this.#sink, item);
  }
}

/** A picture, as OpenAI's image tool gives it; undefined for one that is only linked. */
export const imageItem = (data: string, mediaType: string, native: JsonObject | undefined, newId: FromResultContext['newId']): JsonObject =>
  asObject(native?.['item'])
    ? { ...asObject(native?.['item']), result: data }
    : {
        type: 'image_generation_call',
        id: newId('ig_'),
        status: 'completed',
        output_format: mediaType.replace(/^image\//, ''),
        result: data,
      };

import type {
  Citation,
  FinishReason,
  FromResultContext,
  JsonObject,
  Signature,
  StreamPart,
  ThinkingPart,
  ToolCallPart,
  Usage,
} from '../../types/index.ts';
import { asObjects } from '../shared/read.ts';
import { describeMedia, isMedia } from '../shared/media-note.ts';
import { sealCallId, sealOpaque, sealSignature, sealThinking } from '../shared/seal.ts';
import { customInput } from '../shared/tool-hints.ts';
import { writeCitations } from './citations.ts';
import { id, isPlan, origin } from './common.ts';
import { endWithError } from './errors.ts';
import { writeFinish } from './finish.ts';
import { writeLogprobs } from './logprobs.ts';
import { writeUsage } from './usage.ts';

const none: readonly JsonObject[] = [];

/** An open thought. `told`: its block has begun. */
interface Thought {
  part: ThinkingPart;
  plan: boolean;
  told: boolean;
}

/** Writes the events of an answer, as objects. Cohere has one answer to a request: others than the first are left out. */
export class AnswerWriter {
  readonly #context: FromResultContext;
  /** The open block of content; adjacent texts are one block. */
  #open: 'text' | 'thinking' | undefined;
  #index = -1;
  /** All text of the open block, where it begins in the answer's, and where the part began that is written. */
  #text = '';
  #base = 0;
  #partStart = 0;
  #cited: Citation[] = [];
  #citations = 0;
  readonly #thoughts = new Map<number, Thought>();
  /** Of texts, which Gemini signs. */
  readonly #signatures = new Map<number, Signature>();
  readonly #calls = new Map<number, { part: ToolCallPart; index: number; told: boolean }>();
  #callCount = 0;
  #reason: FinishReason = 'stop';
  #rawReason: string | undefined;
  #logprobs: JsonObject[] = [];
  #usage: Usage | undefined;
  #others: JsonObject[] = [];

  constructor(context: FromResultContext) {
    this.#context = context;
  }

  push(part: StreamPart): readonly JsonObject[] {
    if ('candidate' in part && part.candidate > 0) return none;
    return (this.#on[part.type] as (part: StreamPart) => readonly JsonObject[])(part);
  }

  readonly #on: { [T in StreamPart['type']]: (part: Extract<StreamPart, { type: T }>) => readonly JsonObject[] } = {
    start: (start) => {
      this.#usage = start.usage;
      const message = { role: 'assistant', content: [], tool_plan: '', tool_calls: [], citations: [] };
      return [{ type: 'message-start', id: start.id || this.#context.newId(''), delta: { message } }];
    },
    'part-start': ({ part, index }) => {
      if (part.type === 'tool-call') {
        this.#calls.set(index, { part: { ...part }, index: this.#callCount++, told: false });
        return none;
      }
      if (part.type === 'thinking') {
        this.#thoughts.set(index, { part: { ...part }, plan: isPlan(part), told: false });
        return none;
      }
      this.#partStart = this.#open === 'text' ? this.#text.length : 0;
      if (part.type === 'opaque') return part.text ? this.#say(part.text) : this.#carry(sealOpaque(part));
      return isMedia(part) ? this.#say(describeMedia(part)) : none;
    },
    'text-delta': ({ text, logprobs }) => this.#say(text, writeLogprobs(logprobs)),
    'thinking-delta': (delta) => {
      const thought = this.#thoughts.get(delta.index);
      if (!thought) return none;
      const { part } = thought;
      if (delta.newParagraph) (part.summary ??= part.text === '' ? [] : [part.text]).push('');
      const text = delta.newParagraph && part.text !== '' ? `\n\n${delta.text}` : delta.text;
      part.text += text;
      if (part.summary) part.summary[part.summary.length - 1] += delta.text;
      return text === '' ? none : this.#think(thought, { thinking: text });
    },
    'signature-delta': ({ index, signature }) => {
      const held = this.#calls.get(index)?.part ?? this.#thoughts.get(index)?.part;
      const before = held ? held.signature : this.#signatures.get(index);
      const joined = { origin: signature.origin, value: (before?.origin === signature.origin ? before.value : '') + signature.value };
      if (held) held.signature = joined;
      else this.#signatures.set(index, joined);
      return none;
    },
    'arguments-delta': ({ index, text }) => {
      const call = this.#calls.get(index);
      if (!call) return none;
      call.part.arguments += text;
      if (call.part.kind === 'custom' || text === '') return none;
      return [...this.#beginCall(index), argumentsOf(call.index, text)];
    },
    'citation-delta': ({ citation }) => {
      this.#cited.push(citation);
      return none;
    },
    'audio-delta': ({ transcript }) => (transcript ? this.#say(transcript) : none),
    'part-end': ({ index, patch }) => {
      if (this.#calls.has(index)) return this.#endCall(index);
      const thought = this.#thoughts.get(index);
      if (!thought) return [...this.#cite(), ...this.#sign(index)];
      this.#thoughts.delete(index);
      Object.assign(thought.part, patch);
      // A plan's signature only says that it is one.
      const signature = thought.plan ? undefined : sealThinking(thought.part);
      const sealed = signature === undefined ? none : this.#think(thought, { thinking: '', signature });
      return [...sealed, ...(this.#open === 'thinking' ? this.#endContent() : none)];
    },
    finish: ({ reason, rawReason, logprobs }) => {
      this.#reason = reason;
      this.#rawReason = rawReason;
      this.#logprobs = writeLogprobs(logprobs);
      return none;
    },
    usage: ({ usage }) => {
      this.#usage = usage;
      return none;
    },
    extra: ({ protocol, value }) => {
      if (protocol === id) this.#others = asObjects(value['citations']);
      return none;
    },
    error: ({ error }) => [...this.#endContent(), endWithError(error)],
    end: () => [
      ...this.#endContent(),
      ...this.#others.flatMap((citation) => this.#citation(citation)),
      {
        type: 'message-end',
        delta: { finish_reason: writeFinish(this.#reason, this.#rawReason), ...(this.#usage && { usage: writeUsage(this.#usage) }) },
        // Of an answer that came whole: no delta brought them.
        ...(this.#logprobs.length > 0 && { logprobs: this.#logprobs }),
      },
    ],
  };

  #begin(type: 'text' | 'thinking'): readonly JsonObject[] {
    if (this.#open === type) return none;
    const ended = this.#endContent();
    this.#open = type;
    this.#index++;
    return [...ended, { type: 'content-start', index: this.#index, delta: { message: { content: { type, [type]: '' } } } }];
  }

  #endContent(): readonly JsonObject[] {
    if (!this.#open) return none;
    const cited = this.#open === 'text' ? this.#cite() : none;
    this.#base += this.#text.length;
    this.#text = '';
    this.#partStart = 0;
    this.#open = undefined;
    return [...cited, { type: 'content-end', index: this.#index }];
  }

  #say(text: string, logprobs: readonly JsonObject[] = []): readonly JsonObject[] {
    if (text === '' && logprobs.length === 0) return none;
    const begun = this.#begin('text');
    this.#text += text;
    const [first, ...more] = logprobs;
    return [
      ...begun,
      { ...this.#delta({ text }), ...(first && { logprobs: first }) },
      ...more.map((each) => ({ ...this.#delta({ text: '' }), logprobs: each })),
    ];
  }

  #think(thought: Thought, content: JsonObject): readonly JsonObject[] {
    if (thought.plan) return [{ type: 'tool-plan-delta', delta: { message: { tool_plan: content['thinking'] } } }];
    // Each thought is a block of its own, or the second's signature would be taken for the first's.
    const ended = thought.told ? none : this.#endContent();
    thought.told = true;
    return [...ended, ...this.#begin('thinking'), this.#delta(content)];
  }

  /** A text that is signed is a block of its own, up to its signature. */
  #sign(index: number): readonly JsonObject[] {
    const signature = this.#signatures.get(index);
    if (!signature) return none;
    this.#signatures.delete(index);
    // One without words of its own does not sign the text before it.
    const ended = this.#text.length === this.#partStart ? this.#endContent() : none;
    return [
      ...ended,
      ...this.#begin('text'),
      this.#delta({ text: '', signature: sealSignature(signature, origin) }),
      ...this.#endContent(),
    ];
  }

  /** What only another family understands: a thought without words, where the format has room for one. */
  #carry(signature: string): readonly JsonObject[] {
    return [...this.#endContent(), ...this.#begin('thinking'), this.#delta({ thinking: '', signature }), ...this.#endContent()];
  }

  #delta(content: JsonObject): JsonObject {
    return { type: 'content-delta', index: this.#index, delta: { message: { content } } };
  }

  /** Citations come when their part ends: one without a range of its own is about the whole part. */
  #cite(): readonly JsonObject[] {
    if (this.#cited.length === 0) return none;
    const begun = this.#begin('text');
    const block = { contentIndex: this.#index, text: this.#text, base: this.#base, part: [this.#partStart, this.#text.length] as const };
    const events = writeCitations(this.#cited, block).flatMap((citation) => this.#citation(citation));
    this.#cited = [];
    this.#partStart = this.#text.length;
    return [...begun, ...events];
  }

  #citation(citation: JsonObject): JsonObject[] {
    const index = this.#citations++;
    return [
      { type: 'citation-start', index, delta: { message: { citations: citation } } },
      { type: 'citation-end', index },
    ];
  }

  #beginCall(index: number): readonly JsonObject[] {
    const call = this.#calls.get(index)!;
    if (call.told) return none;
    call.told = true;
    const { part } = call;
    const id = part.id === '' ? this.#context.newId('call_') : sealCallId(part, origin);
    const declared = { id, type: 'function', function: { name: part.name, arguments: '' } };
    return [...this.#endContent(), { type: 'tool-call-start', index: call.index, delta: { message: { tool_calls: declared } } }];
  }

  #endCall(index: number): readonly JsonObject[] {
    const call = this.#calls.get(index)!;
    const begun = this.#beginCall(index);
    this.#calls.delete(index);
    const { kind, arguments: args } = call.part;
    const rest = kind === 'custom' ? JSON.stringify({ [customInput]: args }) : args === '' ? '{}' : '';
    return [...begun, ...(rest === '' ? [] : [argumentsOf(call.index, rest)]), { type: 'tool-call-end', index: call.index }];
  }
}

const argumentsOf = (index: number, text: string): JsonObject => ({
  type: 'tool-call-delta',
  index,
  delta: { message: { tool_calls: { function: { arguments: text } } } },
});

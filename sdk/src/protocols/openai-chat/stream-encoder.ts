import type {
  Citation,
  FromResultContext,
  JsonObject,
  Part,
  Signature,
  StreamEncoder,
  StreamPart,
  ThinkingPart,
  ToolCallPart,
  WireEvent,
} from '../../types/index.ts';
import { describeMedia } from '../shared/media-note.ts';
import { openAiErrors } from '../shared/openai-body-error.ts';
import { writeFinishReason } from '../shared/openai-finish.ts';
import { writeOpenAiUsage } from '../shared/openai-usage.ts';
import type { Placed } from '../shared/placed.ts';
import { sealCallId } from '../shared/seal.ts';
import { isCarried, mustReturn, writePlaced } from '../shared/thinking-blocks.ts';
import { writeCitation } from './citations.ts';
import { own } from './own.ts';
import { writeImage } from './response.ts';
import { readDetails } from './thinking.ts';
import { googleExtra } from './tool-calls.ts';

/** One part on its way to the client. */
interface OpenPart {
  part: Part;
  /** A tool call's place among the calls of its choice. */
  callIndex: number;
  /** Where the part's text begins in the choice's. */
  textStart: number;
  citations: Citation[];
  /** Whether any arguments were sent: none at all become `{}`. */
  sent: boolean;
}

/** One choice on its way to the client. */
interface Choice {
  parts: OpenPart[];
  calls: number;
  images: number;
  textLength: number;
  /**
   * Complete thoughts and sealed blocks that were not yet told. Those in a row go out in one delta, because OpenAI's own
   * helpers for JavaScript keep only the last delta's `thinking_blocks`; but thoughts before more words, which a reader
   * would take for theirs.
   */
  untold: Placed[];
  /** How many were told: entries are numbered, or OpenAI's helper for Python refuses a second list of them. */
  told: number;
}

/**
 * Writes chunks that OpenAI's own SDKs read (FP-19, FP-71): one id, the role once a choice, an index a call, arguments
 * that join to JSON, one finish reason a choice, usage where it was asked for, one `[DONE]`.
 */
class ChatEncoder implements StreamEncoder {
  readonly #context: FromResultContext;
  readonly #includeUsage: boolean;
  readonly #choices = new Map<number, Choice>();
  /** Everything of a chunk that is the same in all of them, up to `choices`. */
  #head = '';
  #facts: { id: string; created: number; model: string; serviceTier?: string; systemFingerprint?: string };
  #usage: JsonObject | undefined;
  #extra: JsonObject | undefined;

  constructor(context: FromResultContext) {
    this.#context = context;
    this.#includeUsage = context.request.includeUsage ?? false;
    this.#facts = { id: '', created: 0, model: context.model };
  }

  push(part: StreamPart): readonly WireEvent[] {
    return (this.#on[part.type] as (part: StreamPart) => readonly WireEvent[])(part);
  }

  readonly #on: { [T in StreamPart['type']]: (part: Extract<StreamPart, { type: T }>) => readonly WireEvent[] } = {
    start: ({ id, model, createdAt, serviceTier, systemFingerprint, usage }) => {
      const { newId, now, model: asked } = this.#context;
      this.#facts = {
        id: id || newId('chatcmpl-'),
        created: createdAt ?? Math.floor(now() / 1000),
        model: model || asked,
        ...(serviceTier !== undefined && { serviceTier }),
        ...(systemFingerprint !== undefined && { systemFingerprint }),
      };
      this.#setHead();
      if (usage) this.#usage = writeOpenAiUsage(usage);
      return [];
    },
    'part-start': ({ candidate, index, part }) => this.#partStart(candidate, index, part),
    'text-delta': ({ candidate, index, text, logprobs }) => {
      const choice = this.#choices.get(candidate);
      const open = choice?.parts[index];
      if (!choice || !open || (text === '' && !logprobs)) return [];
      choice.textLength += text.length;
      return this.#delta(candidate, `{"${open.part.type === 'refusal' ? 'refusal' : 'content'}":${JSON.stringify(text)}}`, logprobs);
    },
    'thinking-delta': ({ candidate, index, text, newParagraph, logprobs }) => {
      const choice = this.#choices.get(candidate);
      const open = choice?.parts[index];
      if (!choice || open?.part.type !== 'thinking') return [];
      const told = open.part.text === '' ? this.#tell(candidate, choice) : [];
      const more = newParagraph && open.part.text !== '' ? `\n\n${text}` : text;
      if (newParagraph) (open.part.summary ??= []).push(text);
      else if (open.part.summary) open.part.summary[open.part.summary.length - 1] += text;
      open.part.text += more;
      if (more === '' && !logprobs) return told;
      return [...told, ...this.#delta(candidate, `{"reasoning_content":${JSON.stringify(more)}}`, logprobs)];
    },
    'signature-delta': ({ candidate, index, signature }) => this.#sign(candidate, index, signature),
    'arguments-delta': ({ candidate, index, text }) => {
      const open = this.#choices.get(candidate)?.parts[index];
      if (open?.part.type !== 'tool-call' || text === '') return [];
      open.sent = true;
      const body =
        open.part.kind === 'custom' ? `"custom":{"input":${JSON.stringify(text)}}` : `"function":{"arguments":${JSON.stringify(text)}}`;
      return this.#delta(candidate, `{"tool_calls":[{"index":${open.callIndex},${body}}]}`);
    },
    'citation-delta': ({ candidate, index, citation }) => {
      this.#choices.get(candidate)?.parts[index]?.citations.push(citation);
      return [];
    },
    'audio-delta': ({ candidate, data, transcript }) =>
      this.#delta(
        candidate,
        JSON.stringify({ audio: { ...(data !== undefined && { data }), ...(transcript !== undefined && { transcript }) } }),
      ),
    'part-end': ({ candidate, index, patch }) => this.#partEnd(candidate, index, patch),
    finish: ({ candidate, reason, logprobs }) => {
      const begun = [...this.#begin(candidate, null), ...this.#tellOpaque(candidate, true)];
      const extra = this.#extra;
      this.#extra = undefined;
      const choice = { index: candidate, delta: {}, logprobs: logprobs ?? null, finish_reason: writeFinishReason(reason) };
      return [...begun, this.#chunk(JSON.stringify([choice]), extra)];
    },
    usage: ({ usage }) => {
      this.#usage = writeOpenAiUsage(usage);
      return [];
    },
    extra: ({ protocol, value, serviceTier, systemFingerprint }) => {
      if (serviceTier !== undefined) this.#facts.serviceTier = serviceTier;
      if (systemFingerprint !== undefined) this.#facts.systemFingerprint = systemFingerprint;
      this.#setHead();
      if (protocol === own) this.#extra = { ...this.#extra, ...value };
      return [];
    },
    error: ({ error }) => openAiErrors.toEvents(error),
    end: () => {
      const done = { data: '[DONE]' };
      if (!this.#includeUsage || !this.#usage) return [done];
      return [this.#chunk('[]', { ...this.#extra, usage: this.#usage }), done];
    },
  };

  #setHead(): void {
    const { id, created, model, serviceTier, systemFingerprint } = this.#facts;
    const facts = {
      id,
      object: 'chat.completion.chunk',
      created,
      model,
      ...(serviceTier !== undefined && { service_tier: serviceTier }),
      ...(systemFingerprint !== undefined && { system_fingerprint: systemFingerprint }),
    };
    this.#head = JSON.stringify(facts).slice(0, -1);
  }

  /** One chunk. Put together as text: this runs once a token. */
  #chunk(choices: string, more?: JsonObject): WireEvent {
    const usage = this.#includeUsage && !more?.['usage'] ? ',"usage":null' : '';
    const members = more && Object.keys(more).length > 0 ? `,${JSON.stringify(more).slice(1, -1)}` : '';
    return { data: `${this.#head},"choices":${choices}${members}${usage}}` };
  }

  #delta(candidate: number, delta: string, logprobs?: JsonObject): readonly WireEvent[] {
    const probabilities = logprobs ? JSON.stringify(logprobs) : 'null';
    return [this.#chunk(`[{"index":${candidate},"delta":${delta},"logprobs":${probabilities},"finish_reason":null}]`)];
  }

  /** The first chunk of a choice: it says the role. */
  #begin(candidate: number, first: Part['type'] | null): readonly WireEvent[] {
    if (this.#choices.has(candidate)) return [];
    this.#choices.set(candidate, { parts: [], calls: 0, images: 0, textLength: 0, untold: [], told: 0 });
    // OpenAI begins a text with an empty one, and calls with null.
    return this.#delta(candidate, `{"role":"assistant","content":${first === 'tool-call' ? 'null' : '""'}}`);
  }

  #partStart(candidate: number, index: number, part: Part): readonly WireEvent[] {
    const begun = [
      ...this.#begin(candidate, part.type),
      ...(part.type === 'thinking' || isCarried(part) ? [] : this.#tellOpaque(candidate)),
    ];
    const choice = this.#choices.get(candidate)!;
    const open: OpenPart = { part: { ...part }, callIndex: 0, textStart: choice.textLength, citations: [], sent: false };
    choice.parts[index] = open;
    const more = (delta: JsonObject): readonly WireEvent[] => [...begun, ...this.#delta(candidate, JSON.stringify(delta))];
    switch (part.type) {
      case 'tool-call':
        open.callIndex = choice.calls++;
        return more({ tool_calls: [startCall(part, open.callIndex)] });
      case 'audio':
        return more({ audio: this.#audioStart(part) });
      case 'image': {
        const image = writeImage(part, choice.images++);
        return image ? more({ images: [image] }) : begun;
      }
      case 'opaque':
        if (!part.text) {
          choice.untold.push({ part, textBefore: choice.textLength });
          return begun;
        }
        choice.textLength += part.text.length;
        return more({ content: part.text });
      case 'video':
      case 'file': {
        const note = describeMedia(part);
        choice.textLength += note.length;
        return more({ content: note });
      }
      default:
        return begun;
    }
  }

  #audioStart(part: Extract<Part, { type: 'audio' }>): JsonObject {
    return {
      id: part.id ?? this.#context.newId('audio_'),
      transcript: part.transcript ?? '',
      ...(part.source?.kind === 'base64' && { data: part.source.data }),
      ...(part.expiresAt !== undefined && { expires_at: part.expiresAt }),
    };
  }

  #tell(candidate: number, choice: Choice): readonly WireEvent[] {
    const told = choice.untold;
    choice.untold = [];
    const blocks = told.map((placed) => ({ ...writePlaced(placed), index: choice.told++ }));
    return blocks.length === 0 ? [] : this.#delta(candidate, JSON.stringify({ thinking_blocks: blocks }));
  }

  /** Blocks stand for thoughts in their order, so plain thoughts need one as well, but only if others have one. */
  #tellOpaque(candidate: number, last = false): readonly WireEvent[] {
    const choice = this.#choices.get(candidate);
    const must = (placed: Placed) => (placed.part.type === 'opaque' ? last : mustReturn(placed));
    return choice?.untold.some(must) ? this.#tell(candidate, choice) : [];
  }

  #sign(candidate: number, index: number, signature: Signature): readonly WireEvent[] {
    const open = this.#choices.get(candidate)?.parts[index];
    if (!open) return [];
    const { part } = open;
    if (part.type === 'thinking' || part.type === 'text') {
      const before = part.signature?.origin === signature.origin ? part.signature.value : '';
      part.signature = { origin: signature.origin, value: before + signature.value };
      return [];
    }
    // Too late for the id, which is out.
    const extra = googleExtra(signature);
    return part.type === 'tool-call' && 'extra_content' in extra
      ? this.#delta(candidate, JSON.stringify({ tool_calls: [{ index: open.callIndex, ...extra }] }))
      : [];
  }

  #partEnd(candidate: number, index: number, patch: JsonObject | undefined): readonly WireEvent[] {
    const choice = this.#choices.get(candidate);
    const open = choice?.parts[index];
    if (!choice || !open) return [];
    const part: Part = Object.assign(open.part, patch);
    if (part.type === 'tool-call') {
      if (open.sent || part.kind === 'custom') return [];
      return this.#delta(candidate, `{"tool_calls":[{"index":${open.callIndex},"function":{"arguments":"{}"}}]}`);
    }
    if (part.type === 'thinking') return this.#endThinking(candidate, choice, part);
    if (part.type === 'text') return this.#endText(candidate, choice, open, part);
    const expiresAt = patch?.['expiresAt'];
    return part.type === 'audio' && expiresAt !== undefined
      ? this.#delta(candidate, JSON.stringify({ audio: { expires_at: expiresAt } }))
      : [];
  }

  #endThinking(candidate: number, choice: Choice, part: ThinkingPart): readonly WireEvent[] {
    const details = readDetails(part.signature);
    if (details.length > 0) return this.#delta(candidate, JSON.stringify({ reasoning_details: details }));
    choice.untold.push({ part, textBefore: choice.textLength });
    return [];
  }

  #endText(
    candidate: number,
    choice: Choice,
    { textStart, citations }: OpenPart,
    part: Extract<Part, { type: 'text' }>,
  ): readonly WireEvent[] {
    const annotations = citations
      .map((citation) => writeCitation(citation, textStart, choice.textLength))
      .filter((citation) => citation !== undefined);
    const foreign = citations.flatMap(({ raw }) => (raw?.origin === 'anthropic' ? [raw.value] : []));
    const delta: JsonObject = {
      ...(annotations.length > 0 && { annotations }),
      ...(foreign.length > 0 && { provider_specific_fields: { citations: foreign } }),
      ...googleExtra(part.signature),
    };
    return Object.keys(delta).length === 0 ? [] : this.#delta(candidate, JSON.stringify(delta));
  }
}

/** The first fragment of a call: everything but its arguments. */
const startCall = (call: ToolCallPart, index: number): JsonObject => ({
  index,
  id: sealCallId(call, 'openai'),
  type: call.kind,
  [call.kind]: call.kind === 'custom' ? { name: call.name, input: '' } : { name: call.name, arguments: '' },
  ...googleExtra(call.signature),
});

export const createEncoder = (context: FromResultContext): StreamEncoder => new ChatEncoder(context);

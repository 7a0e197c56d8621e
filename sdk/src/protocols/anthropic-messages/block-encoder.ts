import type { JsonObject, Part, Signature, StreamPart, ThinkingPart, ToolCallPart, WireEvent } from '../../types/index.ts';
import { followInput, followThinking } from '../shared/block-writers.ts';
import { isObject } from '../shared/read.ts';
import { sealCallId } from '../shared/seal.ts';
import { textSignatureBlock, writeAnswerBlock } from './answer-blocks.ts';
import { writeCitation } from './citations.ts';
import { origin, ownExtra } from './common.ts';

/** Writes the events of one content block. */
export interface BlockEncoder {
  delta(part: StreamPart): void;
  end(patch: JsonObject | undefined): void;
}

/** Where the events go, and the numbers of the blocks. A block takes its number when it begins on the wire. */
export interface Out {
  events: WireEvent[];
  nextBlock: number;
}

const beginBlock = (out: Out, block: JsonObject): number => {
  const at = out.nextBlock++;
  out.events.push({
    event: 'content_block_start',
    data: `{"type":"content_block_start","index":${at},"content_block":${JSON.stringify(block)}}`,
  });
  return at;
};

// Built by hand: one of these is sent for each token.
const sendDelta = (out: Out, at: number, type: string, member: string, value: string): void =>
  void out.events.push({
    event: 'content_block_delta',
    data: `{"type":"content_block_delta","index":${at},"delta":{"type":"${type}","${member}":${JSON.stringify(value)}}}`,
  });

const endBlock = (out: Out, at: number): void =>
  void out.events.push({ event: 'content_block_stop', data: `{"type":"content_block_stop","index":${at}}` });

/** Text begins with its first words: a client sends empty text back, and Anthropic refuses it. */
const textEncoder = (out: Out, extra: JsonObject): BlockEncoder => {
  let at: number | undefined;
  let signature: Signature | undefined;
  const begun = () => (at ??= beginBlock(out, { type: 'text', text: '', ...extra }));
  return {
    delta(part) {
      if (part.type === 'text-delta' && part.text !== '') sendDelta(out, begun(), 'text_delta', 'text', part.text);
      // Sound has no place in this format; what is said has.
      if (part.type === 'audio-delta' && part.transcript) sendDelta(out, begun(), 'text_delta', 'text', part.transcript);
      if (part.type === 'signature-delta') {
        const { origin: from, value } = part.signature;
        signature = { origin: from, value: (signature?.origin === from ? signature.value : '') + value };
      }
      if (part.type === 'citation-delta') {
        const citation = writeCitation(part.citation);
        if (!citation) return;
        const data = `{"type":"content_block_delta","index":${begun()},"delta":${JSON.stringify({ type: 'citations_delta', citation })}}`;
        out.events.push({ event: 'content_block_delta', data });
      }
    },
    end() {
      if (at !== undefined) endBlock(out, at);
      const behind = textSignatureBlock(signature);
      if (behind) endBlock(out, beginBlock(out, behind));
    },
  };
};

const thinkingEncoder = (out: Out, first: ThinkingPart): BlockEncoder => {
  let at: number | undefined;
  const begun = () => (at ??= beginBlock(out, { type: 'thinking', thinking: '', signature: '', ...ownExtra(first.extra) }));
  const thought = followThinking(first, (from) => from === origin, {
    text: (text) => sendDelta(out, begun(), 'thinking_delta', 'thinking', text),
    signature: (value) => sendDelta(out, begun(), 'signature_delta', 'signature', value),
  });
  return {
    delta: thought.delta,
    end(patch) {
      thought.end(patch);
      if (at !== undefined) endBlock(out, at);
    },
  };
};

const callEncoder = (out: Out, part: ToolCallPart): BlockEncoder => {
  const at = beginBlock(out, { type: 'tool_use', id: sealCallId(part, origin), name: part.name, input: {}, ...ownExtra(part.extra) });
  const input = followInput(part, (json) => sendDelta(out, at, 'input_json_delta', 'partial_json', json));
  return {
    delta: input.delta,
    end() {
      input.end();
      endBlock(out, at);
    },
  };
};

/** A part that is known at once. Anthropic sends the input of its own tools, and a summing up, as deltas too. */
const wholeEncoder = (out: Out, part: Part): BlockEncoder => {
  const block = writeAnswerBlock(part);
  if (block) {
    const { input, content } = block;
    if (block['type'] === 'text') {
      const at = beginBlock(out, { type: 'text', text: '' });
      sendDelta(out, at, 'text_delta', 'text', String(block['text']));
      endBlock(out, at);
    } else if (isObject(input)) {
      const at = beginBlock(out, { ...block, input: {} });
      sendDelta(out, at, 'input_json_delta', 'partial_json', JSON.stringify(input));
      endBlock(out, at);
    } else if (block['type'] === 'compaction' && typeof content === 'string') {
      const { type: _type, ...members } = block;
      const at = beginBlock(out, { ...block, content: null, ...('encrypted_content' in block && { encrypted_content: null }) });
      const data = `{"type":"content_block_delta","index":${at},"delta":${JSON.stringify({ type: 'compaction_delta', ...members })}}`;
      out.events.push({ event: 'content_block_delta', data });
      endBlock(out, at);
    } else endBlock(out, beginBlock(out, block));
  }
  return { delta: () => undefined, end: () => undefined };
};

export const encodeBlock = (out: Out, part: Part): BlockEncoder => {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return textEncoder(out, ownExtra(part.extra));
    case 'audio':
      return part.transcript === undefined && part.source === undefined ? textEncoder(out, {}) : wholeEncoder(out, part);
    case 'thinking':
      return part.redacted ? wholeEncoder(out, part) : thinkingEncoder(out, part);
    case 'tool-call':
      return callEncoder(out, part);
    default:
      return wholeEncoder(out, part);
  }
};

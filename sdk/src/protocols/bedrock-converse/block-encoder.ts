import { table } from '../../lib/table.ts';
import type { JsonObject, Part, Signature, StreamPart, ThinkingPart, ToolCallPart, WireEvent } from '../../types/index.ts';
import { followInput, followThinking } from '../shared/block-writers.ts';
import { asObject } from '../shared/read.ts';
import { sealCallId } from '../shared/seal.ts';
import { writeAnswerBlock } from './answer-blocks.ts';
import { writeCitation } from './citations.ts';
import { memberOf, usualOrigin } from './common.ts';
import { isNative, textSignatureBlock } from './opaque.ts';

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

const send = (out: Out, event: string, data: string): void => void out.events.push({ event, data });

// Built by hand: one of these is sent for each token. `delta`: the JSON text of the delta.
const sendDelta = (out: Out, at: number, delta: string): void =>
  send(out, 'contentBlockDelta', `{"contentBlockIndex":${at},"delta":${delta}}`);

const sendStart = (out: Out, at: number, start: JsonObject): void =>
  send(out, 'contentBlockStart', `{"contentBlockIndex":${at},"start":${JSON.stringify(start)}}`);

const endBlock = (out: Out, at: number): void => send(out, 'contentBlockStop', `{"contentBlockIndex":${at}}`);

/** Text has no start of its own: a block begins with its first words. */
const textEncoder = (out: Out): BlockEncoder => {
  let at: number | undefined;
  let signature: Signature | undefined;
  const begun = () => (at ??= out.nextBlock++);
  return {
    delta(part) {
      if (part.type === 'text-delta' && part.text !== '') sendDelta(out, begun(), `{"text":${JSON.stringify(part.text)}}`);
      // Sound has no place in this format; what is said has.
      if (part.type === 'audio-delta' && part.transcript) sendDelta(out, begun(), `{"text":${JSON.stringify(part.transcript)}}`);
      if (part.type === 'citation-delta') sendDelta(out, begun(), JSON.stringify({ citation: writeCitation(part.citation) }));
      if (part.type === 'signature-delta') {
        const { origin, value } = part.signature;
        signature = { origin, value: (signature?.origin === origin ? signature.value : '') + value };
      }
    },
    end() {
      if (at !== undefined) endBlock(out, at);
      const behind = signature && textSignatureBlock(signature);
      if (behind) sendReasoning(out, behind);
    },
  };
};

const thinkingEncoder = (out: Out, first: ThinkingPart): BlockEncoder => {
  let at: number | undefined;
  const reason = (member: string, value: string) =>
    sendDelta(out, (at ??= out.nextBlock++), `{"reasoningContent":{"${member}":${JSON.stringify(value)}}}`);
  const thought = followThinking(first, isNative, {
    text: (text) => reason('text', text),
    signature: (value) => reason('signature', value),
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
  const at = out.nextBlock++;
  sendStart(out, at, { toolUse: { toolUseId: sealCallId(part, usualOrigin), name: part.name } });
  const input = followInput(part, (json) => sendDelta(out, at, `{"toolUse":{"input":${JSON.stringify(json)}}}`));
  return {
    delta: input.delta,
    end() {
      input.end();
      endBlock(out, at);
    },
  };
};

/** `reasoningText` of a whole block is two deltas of a stream. */
const sendReasoning = (out: Out, block: JsonObject): void => {
  const content = asObject(block['reasoningContent']);
  const said = asObject(content?.['reasoningText']) ?? content ?? {};
  const at = out.nextBlock++;
  for (const [name, value] of Object.entries(said))
    if (value !== '') sendDelta(out, at, JSON.stringify({ reasoningContent: { [name]: value } }));
  endBlock(out, at);
};

type Whole = (out: Out, at: number, value: JsonObject) => void;

/** Blocks that come whole, as the start and the deltas that a stream has for them. */
const wholes: Readonly<Record<string, Whole>> = table({
  toolUse(out, at, { input, ...start }) {
    sendStart(out, at, { toolUse: start });
    sendDelta(out, at, JSON.stringify({ toolUse: { input: JSON.stringify(input ?? {}) } }));
  },
  toolResult(out, at, { content, ...start }) {
    sendStart(out, at, { toolResult: start });
    sendDelta(out, at, JSON.stringify({ toolResult: content ?? [] }));
  },
  image(out, at, { format, ...delta }) {
    sendStart(out, at, { image: { format } });
    sendDelta(out, at, JSON.stringify({ image: delta }));
  },
});

/** A part that is known at once. Blocks that a stream has no form for are left out. */
const wholeEncoder = (out: Out, part: Part): BlockEncoder => {
  const block = writeAnswerBlock(part) ?? {};
  const [name, value] = memberOf(block) ?? [];
  const write = wholes[name ?? ''];
  if (name === 'reasoningContent') sendReasoning(out, block);
  else if (name === 'text') {
    const at = out.nextBlock++;
    sendDelta(out, at, JSON.stringify(block));
    endBlock(out, at);
  } else if (write) {
    const at = out.nextBlock++;
    write(out, at, asObject(value) ?? {});
    endBlock(out, at);
  }
  return { delta: () => undefined, end: () => undefined };
};

export const encodeBlock = (out: Out, part: Part): BlockEncoder => {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return textEncoder(out);
    case 'audio':
      return part.transcript === undefined && part.source === undefined ? textEncoder(out) : wholeEncoder(out, part);
    case 'thinking':
      return part.redacted ? wholeEncoder(out, part) : thinkingEncoder(out, part);
    case 'tool-call':
      return callEncoder(out, part);
    default:
      return wholeEncoder(out, part);
  }
};

import type {
  AudioPart,
  Citation,
  FromResultContext,
  JsonObject,
  Part,
  StreamEncoder,
  StreamPart,
  ThinkingPart,
  ToolCallPart,
  Usage,
  WireEvent,
} from '../../types/index.ts';
import { asObject } from '../shared/read.ts';
import { malformedCall, proofOf, writeAnswerPart } from './answer-parts.ts';
import { ending, logprobsOf, sourcesOf } from './candidate-writer.ts';
import { toEvents } from './errors.ts';
import { logprobsToWire } from './logprobs.ts';
import { writeUsage } from './response.ts';

type Finish = Extract<StreamPart, { type: 'finish' }>;

/** What has to be known of a candidate until its end. */
interface CandidateState {
  citations: Citation[];
  text: string;
  /** What was thought since the last call. */
  thoughts: ThinkingPart[];
  /** A call that could not be written, which is why the answer ends. */
  broken?: string;
  finish?: Finish;
}

/** Parts that cannot go out as their deltas come: Gemini's clients read a call whole, a proof is of all of a thought. */
type Pending = ToolCallPart | ThinkingPart | AudioPart;

const none: readonly WireEvent[] = [];

/** Writes the chunks of `streamGenerateContent`. Finish reasons, usage and what else is final come in the last one. */
export const encoder = (context: FromResultContext): StreamEncoder => {
  const pending = new Map<string, Pending>();
  const candidates = new Map<number, CandidateState>();
  let usage: Usage | undefined;
  let serviceTier: string | undefined;
  let extra: JsonObject = {};
  // What every chunk ends with: made once, because a token's chunk is mostly this.
  let tail = '';

  const facts = (start: Extract<StreamPart, { type: 'start' }> | undefined): string => {
    const values = {
      modelVersion: start?.model || context.model,
      responseId: start?.id || context.newId(''),
      ...(start?.createdAt !== undefined && { createTime: new Date(start.createdAt * 1000).toISOString() }),
    };
    return `,${JSON.stringify(values).slice(1)}`;
  };
  const chunk = (parts: string, candidate: number, more = ''): readonly WireEvent[] => {
    if (tail === '') tail = facts(undefined);
    return [{ data: `{"candidates":[{"content":{"parts":[${parts}],"role":"model"}${more},"index":${candidate}}]${tail}` }];
  };
  const stateOf = (candidate: number): CandidateState => {
    let state = candidates.get(candidate);
    if (!state) candidates.set(candidate, (state = { citations: [], text: '', thoughts: [] }));
    return state;
  };
  const key = (at: { candidate: number; index: number }) => `${at.candidate}.${at.index}`;
  const write = (part: Part, candidate: number, thoughts?: readonly ThinkingPart[]) => {
    const parts = writeAnswerPart(part, thoughts);
    return parts.length === 0 ? none : chunk(parts.map((each) => JSON.stringify(each)).join(','), candidate);
  };

  type Handlers = { [T in StreamPart['type']]: (part: Extract<StreamPart, { type: T }>) => readonly WireEvent[] };
  const on: Handlers = {
    start(part) {
      tail = facts(part);
      ({ serviceTier, usage } = part);
      return none;
    },
    'part-start'(at) {
      const { part, candidate } = at;
      if (part.type === 'tool-call' || part.type === 'thinking') pending.set(key(at), { ...part });
      else if (part.type === 'audio' && (part.source?.kind !== 'base64' || part.source.data === '')) pending.set(key(at), { ...part });
      else if (part.type !== 'text' && part.type !== 'refusal') return write(part, candidate);
      return none;
    },
    'text-delta'({ text, candidate, logprobs }) {
      stateOf(candidate).text += text;
      const scored = scores(logprobs);
      return text === '' && scored === '' ? none : chunk(`{"text":${JSON.stringify(text)}}`, candidate, scored);
    },
    'thinking-delta'({ text, newParagraph, logprobs, ...at }) {
      const part = pending.get(key(at));
      if (part?.type !== 'thinking') return none;
      const shown = newParagraph && part.text !== '' ? `\n\n${text}` : text;
      if (newParagraph) (part.summary ??= part.text === '' ? [] : [part.text]).push(text);
      else if (part.summary?.length) part.summary[part.summary.length - 1] += text;
      part.text += shown;
      return shown === '' ? none : chunk(`{"text":${JSON.stringify(shown)},"thought":true}`, at.candidate, scores(logprobs));
    },
    'signature-delta'({ signature, ...at }) {
      const part = pending.get(key(at));
      if (part?.type === 'thinking' || part?.type === 'tool-call') {
        const before = part.signature?.origin === signature.origin ? part.signature.value : '';
        part.signature = { origin: signature.origin, value: before + signature.value };
        return none;
      }
      return write({ type: 'text', text: '', signature }, at.candidate);
    },
    'arguments-delta'({ text, ...at }) {
      const part = pending.get(key(at));
      if (part?.type === 'tool-call') part.arguments += text;
      return none;
    },
    'citation-delta'({ citation, candidate }) {
      stateOf(candidate).citations.push(citation);
      return none;
    },
    'audio-delta'({ data, transcript, ...at }) {
      const part = pending.get(key(at));
      if (part?.type !== 'audio') return none;
      const mediaType = part.source?.mediaType ?? '';
      const piece: AudioPart = { ...part, source: data === undefined ? undefined : { kind: 'base64', data, mediaType }, transcript };
      return write(piece, at.candidate);
    },
    'part-end'(at) {
      const part = pending.get(key(at));
      pending.delete(key(at));
      if (!part || part.type === 'audio') return none;
      if (at.patch) Object.assign(part, at.patch);
      if (part.type === 'tool-call') {
        const state = stateOf(at.candidate);
        state.broken ??= malformedCall(part);
        return write(part, at.candidate, state.thoughts.splice(0));
      }
      stateOf(at.candidate).thoughts.push(part);
      const proof = proofOf(part);
      // The thoughts themselves are out; their proof follows on an empty one.
      return proof === undefined ? none : chunk(JSON.stringify({ text: '', thought: true, thoughtSignature: proof }), at.candidate);
    },
    finish(part) {
      stateOf(part.candidate).finish = part;
      return none;
    },
    usage(part) {
      ({ usage } = part);
      return none;
    },
    extra(part) {
      if (part.serviceTier !== undefined) ({ serviceTier } = part);
      if (part.protocol === 'gemini') extra = { ...extra, ...part.value };
      return none;
    },
    error: ({ error }) => toEvents(error),
    end() {
      const { candidates: own, ...rest } = extra;
      const last: JsonObject[] = [];
      const blocked = asObject(rest['promptFeedback'])?.['blockReason'] !== undefined;
      for (const [index, state] of candidates) {
        if (!state.finish || (blocked && state.text === '')) continue;
        const mine = asObject(asObject(own)?.[index]);
        last.push({
          content: { parts: [{ text: '' }], role: 'model' },
          ...ending({ finishReason: state.finish.reason, rawFinishReason: state.finish.rawReason }, state.broken),
          index,
          ...sourcesOf(state.citations, state.text, mine),
          ...logprobsOf(state.finish.logprobs, mine),
          ...withoutLogprobs(mine),
        });
      }
      if (tail === '') tail = facts(undefined);
      const final = {
        ...(last.length > 0 && { candidates: last }),
        ...rest,
        ...(usage && { usageMetadata: writeUsage(usage, serviceTier) }),
      };
      const text = JSON.stringify(final).slice(0, -1);
      return [{ data: text === '{' ? `{${tail.slice(1)}` : text + tail }];
    },
  };
  return { push: (part) => (on[part.type] as (part: StreamPart) => readonly WireEvent[])(part) };
};

const scores = (logprobs: JsonObject | undefined): string => {
  const logprobsResult = logprobs && logprobsToWire(logprobs);
  return logprobsResult ? `,"logprobsResult":${JSON.stringify(logprobsResult)}` : '';
};

/** They went out with the text that they are of. */
const withoutLogprobs = (own: JsonObject | undefined): JsonObject => {
  const { logprobsResult: _logprobs, ...rest } = own ?? {};
  return rest;
};

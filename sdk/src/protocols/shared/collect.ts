import { SluiceError, type Candidate, type ChatResult, type Emit, type Part, type StreamPart } from '../../types/index.ts';
import { joinLogprobs } from './logprobs.ts';

/** Puts a streamed answer together: the whole answer is the sum of its stream, so the two cannot drift. */
export interface Collector {
  push(part: StreamPart): void;
  /** @throws SluiceError the stream's own error, or `stream_interrupted` if its end was not seen */
  result(): ChatResult;
}

export const createCollector = (): Collector => {
  const state: State = { result: { id: '', model: '', candidates: [] }, failure: undefined, ended: false };
  return {
    push: (part) => (on[part.type] as (state: State, part: StreamPart) => void)(state, part),
    result() {
      const { result, failure, ended } = state;
      if (failure) throw failure;
      if (!ended) throw new SluiceError('stream_interrupted', 'The stream ended before the provider said it was complete.');
      // Sparse indexes would be holes; a decoder that keeps the invariants leaves none. `n` candidates may come in any order.
      result.candidates = result.candidates.filter((value) => value !== undefined);
      for (const each of result.candidates) each.content = each.content.filter((value) => value !== undefined);
      return result;
    },
  };
};

interface State {
  result: ChatResult;
  failure: SluiceError | undefined;
  ended: boolean;
}

const candidateOf = ({ result }: State, index: number): Candidate =>
  (result.candidates[index] ??= { index, content: [], finishReason: 'other' });

const partAt = ({ result }: State, at: { candidate: number; index: number }): Part | undefined =>
  result.candidates[at.candidate]?.content[at.index];

/** A copy that deltas can be added to. What they do not change is shared with the part. */
const copyOf = (part: Part): Part => {
  if (part.type === 'text' && part.citations) return { ...part, citations: [...part.citations] };
  if (part.type === 'thinking' && part.summary) return { ...part, summary: [...part.summary] };
  return { ...part };
};

type Handlers = { [T in StreamPart['type']]: (state: State, part: Extract<StreamPart, { type: T }>) => void };
const on: Readonly<Handlers> = {
  start: ({ result }, { type: _type, ...facts }) => {
    for (const [name, value] of Object.entries(facts)) if (value !== undefined) Object.assign(result, { [name]: value });
  },
  'part-start': (state, { candidate, index, part }) => void (candidateOf(state, candidate).content[index] = copyOf(part)),
  'text-delta': (state, delta) => {
    const target = partAt(state, delta);
    if (target?.type === 'text' || target?.type === 'refusal') target.text += delta.text;
    if (delta.logprobs) joinLogprobs((candidateOf(state, delta.candidate).logprobs ??= {}), delta.logprobs);
  },
  'thinking-delta': (state, delta) => {
    const target = partAt(state, delta);
    if (target?.type !== 'thinking') return;
    if (delta.logprobs) joinLogprobs((candidateOf(state, delta.candidate).logprobs ??= {}), delta.logprobs);
    if (delta.newParagraph) {
      (target.summary ??= target.text === '' ? [] : [target.text]).push('');
      if (target.text !== '') target.text += '\n\n';
    }
    target.text += delta.text;
    if (target.summary && target.summary.length > 0) target.summary[target.summary.length - 1] += delta.text;
  },
  'signature-delta': (state, delta) => {
    const target = partAt(state, delta);
    if (target?.type === 'thinking' || target?.type === 'text' || target?.type === 'tool-call') {
      const before = target.signature?.origin === delta.signature.origin ? target.signature.value : '';
      target.signature = { origin: delta.signature.origin, value: before + delta.signature.value };
    }
  },
  'arguments-delta': (state, delta) => {
    const target = partAt(state, delta);
    if (target?.type === 'tool-call') target.arguments += delta.text;
  },
  'citation-delta': (state, delta) => {
    const target = partAt(state, delta);
    if (target?.type === 'text') (target.citations ??= []).push(delta.citation);
  },
  'audio-delta': (state, delta) => {
    const target = partAt(state, delta);
    if (target?.type !== 'audio') return;
    if (delta.transcript !== undefined) target.transcript = (target.transcript ?? '') + delta.transcript;
    if (delta.data !== undefined) {
      const before = target.source?.kind === 'base64' ? target.source.data : '';
      target.source = { kind: 'base64', data: before + delta.data, mediaType: target.source?.mediaType ?? 'audio/wav' };
    }
  },
  'part-end': (state, end) => {
    const target = partAt(state, end);
    if (target && end.patch) Object.assign(target, end.patch);
  },
  finish: (state, { candidate, reason, rawReason, stopSequence, logprobs }) => {
    const target = candidateOf(state, candidate);
    target.finishReason = reason;
    if (rawReason !== undefined) target.rawFinishReason = rawReason;
    if (stopSequence !== undefined) target.stopSequence = stopSequence;
    if (logprobs) joinLogprobs((target.logprobs ??= {}), logprobs);
  },
  usage: ({ result }, { usage }) => void (result.usage = usage),
  extra: ({ result }, { protocol, value, serviceTier, systemFingerprint }) => {
    if (Object.keys(value).length > 0) result.extra = { ...result.extra, [protocol]: { ...result.extra?.[protocol], ...value } };
    if (serviceTier !== undefined) result.serviceTier = serviceTier;
    if (systemFingerprint !== undefined) result.systemFingerprint = systemFingerprint;
  },
  error: (state, { error }) => void (state.failure = error),
  end: (state) => void (state.ended = true),
};

/** The reverse: a whole answer as a stream, for a client that asked for one where the provider gives none. */
export const explode = (result: ChatResult, emit: Emit): void => {
  const { id, model, createdAt, serviceTier, systemFingerprint } = result;
  emit({
    type: 'start',
    id,
    model,
    ...(createdAt !== undefined && { createdAt }),
    ...(serviceTier !== undefined && { serviceTier }),
    ...(systemFingerprint !== undefined && { systemFingerprint }),
  });
  for (const [protocol, value] of Object.entries(result.extra ?? {})) emit({ type: 'extra', protocol, value });
  for (const { index: candidate, content, finishReason, rawFinishReason, stopSequence, logprobs } of result.candidates) {
    content.forEach((part, index) => explodePart(part, { candidate, index }, emit));
    emit({
      type: 'finish',
      candidate,
      reason: finishReason,
      ...(rawFinishReason !== undefined && { rawReason: rawFinishReason }),
      ...(stopSequence !== undefined && { stopSequence }),
      ...(logprobs && { logprobs }),
    });
  }
  if (result.usage) emit({ type: 'usage', usage: result.usage });
  emit({ type: 'end' });
};

const explodePart = (part: Part, at: { candidate: number; index: number }, emit: Emit): void => {
  if (part.type === 'text') {
    const { text, citations, signature, ...rest } = part;
    emit({ type: 'part-start', ...at, part: { ...rest, text: '' } });
    if (text !== '') emit({ type: 'text-delta', ...at, text });
    for (const citation of citations ?? []) emit({ type: 'citation-delta', ...at, citation });
    if (signature) emit({ type: 'signature-delta', ...at, signature });
  } else if (part.type === 'refusal') {
    emit({ type: 'part-start', ...at, part: { ...part, text: '' } });
    emit({ type: 'text-delta', ...at, text: part.text });
  } else if (part.type === 'thinking') {
    const { text, signature, summary, ...rest } = part;
    emit({ type: 'part-start', ...at, part: { ...rest, text: '' } });
    if (summary) summary.forEach((paragraph) => emit({ type: 'thinking-delta', ...at, text: paragraph, newParagraph: true }));
    else if (text !== '') emit({ type: 'thinking-delta', ...at, text });
    if (signature) emit({ type: 'signature-delta', ...at, signature });
  } else if (part.type === 'tool-call') {
    emit({ type: 'part-start', ...at, part: { ...part, arguments: '' } });
    if (part.arguments !== '') emit({ type: 'arguments-delta', ...at, text: part.arguments });
  } else {
    emit({ type: 'part-start', ...at, part });
  }
  emit({ type: 'part-end', ...at });
};

import { SluiceError, type Candidate, type ChatResult, type Emit, type Part, type StreamPart } from '../../types/index.ts';
import { joinLogprobs } from './logprobs.ts';

/** Puts a streamed answer together: the whole answer is the sum of its stream, so the two cannot drift. */
export interface Collector {
  push(part: StreamPart): void;
  /** @throws SluiceError the stream's own error, or `stream_interrupted` if its end was not seen */
  result(): ChatResult;
}

export const createCollector = (): Collector => {
  const result: ChatResult = { id: '', model: '', candidates: [] };
  let failure: SluiceError | undefined;
  let ended = false;

  const candidate = (index: number): Candidate => (result.candidates[index] ??= { index, content: [], finishReason: 'other' });
  const part = (at: { candidate: number; index: number }): Part | undefined => result.candidates[at.candidate]?.content[at.index];

  type Handlers = { [T in StreamPart['type']]: (part: Extract<StreamPart, { type: T }>) => void };
  const on: Handlers = {
    start: ({ type: _type, ...facts }) => {
      for (const [name, value] of Object.entries(facts)) if (value !== undefined) Object.assign(result, { [name]: value });
    },
    'part-start': ({ candidate: c, index, part }) => void (candidate(c).content[index] = structuredClone(part)),
    'text-delta': (delta) => {
      const target = part(delta);
      if (target?.type === 'text' || target?.type === 'refusal') target.text += delta.text;
      if (delta.logprobs) joinLogprobs((candidate(delta.candidate).logprobs ??= {}), delta.logprobs);
    },
    'thinking-delta': (delta) => {
      const target = part(delta);
      if (target?.type !== 'thinking') return;
      if (delta.logprobs) joinLogprobs((candidate(delta.candidate).logprobs ??= {}), delta.logprobs);
      if (delta.newParagraph) {
        (target.summary ??= target.text === '' ? [] : [target.text]).push('');
        if (target.text !== '') target.text += '\n\n';
      }
      target.text += delta.text;
      if (target.summary && target.summary.length > 0) target.summary[target.summary.length - 1] += delta.text;
    },
    'signature-delta': (delta) => {
      const target = part(delta);
      if (target?.type === 'thinking' || target?.type === 'text' || target?.type === 'tool-call') {
        const before = target.signature?.origin === delta.signature.origin ? target.signature.value : '';
        target.signature = { origin: delta.signature.origin, value: before + delta.signature.value };
      }
    },
    'arguments-delta': (delta) => {
      const target = part(delta);
      if (target?.type === 'tool-call') target.arguments += delta.text;
    },
    'citation-delta': (delta) => {
      const target = part(delta);
      if (target?.type === 'text') (target.citations ??= []).push(delta.citation);
    },
    'audio-delta': (delta) => {
      const target = part(delta);
      if (target?.type !== 'audio') return;
      if (delta.transcript !== undefined) target.transcript = (target.transcript ?? '') + delta.transcript;
      if (delta.data !== undefined) {
        const before = target.source?.kind === 'base64' ? target.source.data : '';
        target.source = { kind: 'base64', data: before + delta.data, mediaType: target.source?.mediaType ?? 'audio/wav' };
      }
    },
    'part-end': (end) => {
      const target = part(end);
      if (target && end.patch) Object.assign(target, end.patch);
    },
    finish: ({ candidate: c, reason, rawReason, stopSequence, logprobs }) => {
      const target = candidate(c);
      target.finishReason = reason;
      if (rawReason !== undefined) target.rawFinishReason = rawReason;
      if (stopSequence !== undefined) target.stopSequence = stopSequence;
      if (logprobs) joinLogprobs((target.logprobs ??= {}), logprobs);
    },
    usage: ({ usage }) => void (result.usage = usage),
    extra: ({ protocol, value, serviceTier, systemFingerprint }) => {
      if (Object.keys(value).length > 0) result.extra = { ...result.extra, [protocol]: { ...result.extra?.[protocol], ...value } };
      if (serviceTier !== undefined) result.serviceTier = serviceTier;
      if (systemFingerprint !== undefined) result.systemFingerprint = systemFingerprint;
    },
    error: ({ error }) => void (failure = error),
    end: () => void (ended = true),
  };

  return {
    push: (streamPart) => (on[streamPart.type] as (part: StreamPart) => void)(streamPart),
    result() {
      if (failure) throw failure;
      if (!ended) throw new SluiceError('stream_interrupted', 'The stream ended before the provider said it was complete.');
      // Sparse indexes would be holes; a decoder that keeps the invariants leaves none. `n` candidates may come in any order.
      result.candidates = result.candidates.filter((value) => value !== undefined);
      for (const each of result.candidates) each.content = each.content.filter((value) => value !== undefined);
      return result;
    },
  };
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

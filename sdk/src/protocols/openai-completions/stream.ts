import {
  SluiceError,
  type Emit,
  type FromResultContext,
  type JsonObject,
  type StreamDecoder,
  type StreamEncoder,
  type StreamPart,
  type WireEvent,
} from '../../types/index.ts';
import { openAiErrors, readBodyError } from '../shared/openai-body-error.ts';
import { readFinishReason } from '../shared/openai-finish.ts';
import { openAiUsageOf, writeOpenAiUsage } from '../shared/openai-usage.ts';
import { PartWriter } from '../shared/part-writer.ts';
import { asNumber, asObjects, asString, candidateIndex, parseObject } from '../shared/read.ts';
import { readLogprobs, writeLogprobs } from './logprobs.ts';
import { finishWord, shownText } from './response.ts';

interface OpenChoice {
  writer: PartWriter;
  finish?: string;
}

class CompletionDecoder implements StreamDecoder {
  readonly #choices = new Map<number, OpenChoice>();
  #started = false;
  #done = false;

  push({ data }: WireEvent, emit: Emit): void {
    if (this.#done || data.trim() === '') return;
    if (data === '[DONE]') return this.#end(emit);
    const chunk = parseObject(data);
    if (!chunk) return this.#fail(new SluiceError('invalid_response', 'The provider sent an event that is no JSON object.'), emit);
    const choices = asObjects(chunk['choices']);
    const usage = chunk['usage'] ? openAiUsageOf(chunk) : undefined;
    const error = readBodyError(chunk);
    if (!this.#started && (choices.length > 0 || usage)) this.#start(chunk, emit);
    if (usage) emit({ type: 'usage', usage });
    if (error) return this.#fail(error, emit);
    for (const [at, choice] of choices.entries()) this.#choice(candidateIndex(choice['index'], at), choice, emit);
  }

  close(emit: Emit): void {
    if (this.#done) return;
    const choices = [...this.#choices.values()];
    if (choices.length > 0 && choices.every(({ finish }) => finish !== undefined)) return this.#end(emit);
    this.#fail(new SluiceError('stream_interrupted', 'The provider closed the stream before the answer was complete.'), emit);
  }

  #start(chunk: JsonObject, emit: Emit): void {
    this.#started = true;
    const id = asString(chunk['id']) || undefined;
    const model = asString(chunk['model']) || undefined;
    const createdAt = asNumber(chunk['created']) || undefined;
    emit({
      type: 'start',
      ...(id !== undefined && { id }),
      ...(model !== undefined && { model }),
      ...(createdAt !== undefined && { createdAt }),
    });
  }

  #choice(index: number, choice: JsonObject, emit: Emit): void {
    let open = this.#choices.get(index);
    if (!open) this.#choices.set(index, (open = { writer: new PartWriter(index) }));
    const text = asString(choice['text']) ?? '';
    const logprobs = readLogprobs(choice['logprobs']);
    if (text !== '' || logprobs) open.writer.text(text, emit, logprobs);
    const finish = asString(choice['finish_reason']);
    if (finish) open.finish = finish;
  }

  #end(emit: Emit): void {
    this.#done = true;
    if (!this.#started) emit({ type: 'start' });
    for (const { writer, finish } of this.#choices.values()) {
      writer.close(emit);
      emit({
        type: 'finish',
        candidate: writer.candidate,
        reason: readFinishReason(finish) ?? 'stop',
        ...(finish !== undefined && { rawReason: finish }),
      });
    }
    emit({ type: 'end' });
  }

  #fail(error: SluiceError, emit: Emit): void {
    this.#done = true;
    emit({ type: 'error', error });
  }
}

export const createDecoder = (): StreamDecoder => new CompletionDecoder();

/** Writes `text_completion` chunks: text, one finish reason a choice, usage where it was asked for, one `[DONE]`. */
class CompletionEncoder implements StreamEncoder {
  readonly #context: FromResultContext;
  #head: JsonObject = {};
  #usage: JsonObject | undefined;
  /** How much text each choice has had: its tokens' offsets count from there. */
  readonly #lengths = new Map<number, number>();

  constructor(context: FromResultContext) {
    this.#context = context;
  }

  push(part: StreamPart): readonly WireEvent[] {
    const { newId, now, model, request } = this.#context;
    switch (part.type) {
      case 'start':
        this.#head = {
          id: part.id || newId('cmpl-'),
          object: 'text_completion',
          created: part.createdAt ?? Math.floor(now() / 1000),
          model: part.model || model,
        };
        if (part.usage) this.#usage = writeOpenAiUsage(part.usage);
        return [];
      case 'part-start':
        return this.#text(part.candidate, shownText(part.part));
      case 'text-delta':
        return this.#text(part.candidate, part.text, part.logprobs);
      case 'audio-delta':
        return this.#text(part.candidate, part.transcript ?? '');
      case 'finish':
        return [
          this.#chunk([
            { text: '', index: part.candidate, logprobs: writeLogprobs(part.logprobs), finish_reason: finishWord(part.reason) },
          ]),
        ];
      case 'usage':
        this.#usage = writeOpenAiUsage(part.usage);
        return [];
      case 'error':
        return openAiErrors.toEvents(part.error);
      case 'end':
        return [...(request.includeUsage && this.#usage ? [this.#chunk([], this.#usage)] : []), { data: '[DONE]' }];
      default:
        return [];
    }
  }

  #text(candidate: number, text: string, logprobs?: JsonObject): readonly WireEvent[] {
    if (text === '' && !logprobs) return [];
    const at = this.#lengths.get(candidate) ?? 0;
    this.#lengths.set(candidate, at + text.length);
    return [this.#chunk([{ text, index: candidate, logprobs: writeLogprobs(logprobs, at), finish_reason: null }])];
  }

  #chunk(choices: JsonObject[], usage?: JsonObject): WireEvent {
    return {
      data: JSON.stringify({ ...this.#head, choices, ...(usage ? { usage } : this.#context.request.includeUsage && { usage: null }) }),
    };
  }
}

export const createEncoder = (context: FromResultContext): StreamEncoder => new CompletionEncoder(context);

import type { SluiceError, StreamTap, Usage, WireEvent } from '../../types/index.ts';
import { parseObject } from './read.ts';
import { readBodyError } from './openai-body-error.ts';
import { countsNothing, openAiUsageOf } from './openai-usage.ts';
import { OutputCount } from './output-count.ts';

// Inside a JSON string quotes are escaped, so these find members and never what the model wrote.
const usageMember = /"usage"\s*:\s*\{/;
const noOutputMember = /"(?:completion|output)_tokens"\s*:\s*0\b/;
const finishMember = /"finish_reason"\s*:\s*"[^"]/;
const outputMember =
  /"(?:content|reasoning_content|reasoning|refusal|text|thinking|transcript|data|arguments|input)"\s*:\s*"[^"]|"tool_calls"\s*:\s*\[\s*\{|"images"\s*:\s*\[\s*\{/;
const outputNames = ['content', 'reasoning_content', 'reasoning', 'text', 'arguments', 'refusal', 'thinking', 'transcript'];
const modelMember = /"model"\s*:\s*"((?:[^"\\]|\\.)+)"/;

/** Reads along with a stream that is passed through. It sees every event, so it parses only those that can matter. */
class OpenAiTap implements StreamTap {
  #done = false;
  #finished = false;
  #output = false;
  #model: string | undefined;
  #error: SluiceError | undefined;
  /** The last event with usage, and what it said once it was asked for: some vendors count in every chunk. */
  #usageData: string | undefined;
  #usage: Usage | undefined;
  readonly #count = new OutputCount(outputNames);

  push({ event, data }: WireEvent): void {
    if (data.startsWith('[DONE]')) {
      this.#done = true;
      return;
    }
    this.#count.see(data);
    if (data.includes('"usage"') && usageMember.test(data) && !this.#takesBack(data)) {
      this.#usageData = data;
      this.#count.counted();
    }
    if (data.includes('"error"') || event === 'error') this.#readError(event, data);
    if (!this.#finished && finishMember.test(data)) this.#finished = true;
    if (!this.#output && outputMember.test(data)) this.#output = true;
    if (this.#model === undefined) {
      const found = modelMember.exec(data)?.[1];
      if (found !== undefined) this.#model = JSON.parse(`"${found}"`) as string;
    }
  }

  get ended(): boolean {
    // Vendors that send no `[DONE]` end with the finish reason.
    return this.#done || this.#finished;
  }

  get final(): boolean {
    return this.#done;
  }

  get usage(): Usage | undefined {
    if (this.#usageData !== undefined) {
      const body = parseObject(this.#usageData);
      this.#usage = (body && openAiUsageOf(body)) ?? this.#usage;
      this.#usageData = undefined;
    }
    return this.#usage;
  }

  get model(): string | undefined {
    return this.#model;
  }

  get error(): SluiceError | undefined {
    return this.#error;
  }

  get output(): boolean {
    return this.#output;
  }

  get uncounted(): number {
    return this.#count.tokens;
  }

  /** A last event of some servers counts nothing, behind one that has counted. */
  #takesBack(data: string): boolean {
    if ((this.#usageData === undefined && this.#usage === undefined) || !noOutputMember.test(data)) return false;
    const body = parseObject(data);
    const usage = body && openAiUsageOf(body);
    return usage !== undefined && countsNothing(usage);
  }

  #readError(event: string | undefined, data: string): void {
    const body = parseObject(data);
    if (!body) return;
    this.#error ??= readBodyError(event === 'error' && body['error'] === undefined ? { error: body } : body);
  }
}

/** A tap for chat and text completions, which end and count alike. */
export const createOpenAiTap = (): StreamTap => new OpenAiTap();

import { SluiceError, type ChatProtocol, type JsonObject, type StreamTap, type Usage } from '../../types/index.ts';
import { bedrockConverse } from '../bedrock-converse/index.ts';
import { asNumber, asObject, asObjects, compact, parseObject } from '../shared/read.ts';
import { OutputCount } from '../shared/output-count.ts';
import { headerCounts, metricsMember, metricsOf } from './metrics.ts';

/*
 * InvokeModel with whatever body its model takes: it goes on to Bedrock as it came, and so does the answer, of which the
 * counts alone are read. No other vendor can be asked in it, so nothing is translated.
 */

/** Bedrock says in headers what a model counts; some say it themselves. */
const usageIn = (body: JsonObject, headers: Headers | undefined): Usage | undefined => {
  const usage = asObject(body['usage']);
  const results = asObjects(body['results']);
  const counted: Partial<Usage> = {
    ...compact<Partial<Usage>>({
      inputTokens: asNumber(
        usage?.['inputTokens'] ??
          usage?.['prompt_tokens'] ??
          usage?.['input_tokens'] ??
          body['prompt_token_count'] ??
          body['inputTextTokenCount'],
      ),
      outputTokens: asNumber(
        usage?.['outputTokens'] ??
          usage?.['completion_tokens'] ??
          usage?.['output_tokens'] ??
          body['generation_token_count'] ??
          results[0]?.['tokenCount'],
      ),
    }),
    ...headerCounts(headers),
  };
  return wholeOf(counted);
};

const wholeOf = (counted: Partial<Usage> | undefined): Usage | undefined => {
  if (counted?.inputTokens === undefined && counted?.outputTokens === undefined) return undefined;
  return { ...counted, inputTokens: counted.inputTokens ?? 0, outputTokens: counted.outputTokens ?? 0 };
};

/** What the last event of some family says, for models whose last event has no counts. */
const endMark = /"(?:stop_reason|finish_reason|completionReason|stopReason)"\s*:\s*"|"is_finished"\s*:\s*true|"type"\s*:\s*"message_stop"/;

class RawTap implements StreamTap {
  ended = false;
  usage: Usage | undefined;
  readonly model = undefined;
  readonly error = undefined;
  output = false;
  readonly #count = new OutputCount(['text', 'generation', 'outputText', 'content', 'completion']);

  get uncounted(): number {
    return this.#count.tokens;
  }

  push({ data }: { data: string }): void {
    this.output = true;
    this.#count.see(data);
    if (data.includes(metricsMember)) {
      this.ended = true;
      this.usage = wholeOf(metricsOf(parseObject(data) ?? {})) ?? this.usage;
      if (this.usage) this.#count.counted();
    } else this.ended ||= endMark.test(data);
  }
}

const notTranslated = (): SluiceError =>
  new SluiceError(
    'invalid_request',
    "This body is no Messages request of Anthropic's (it has no 'anthropic_version'): what InvokeModel takes of other models goes to a deployment of Amazon Bedrock alone. Use Converse, or another API, for this model.",
    { param: 'body', retry: false },
  );

const unread = (body: JsonObject): SluiceError =>
  new SluiceError('invalid_response', 'The provider answered with something that is no answer.', { upstream: { body } });

export const bedrockInvoke: ChatProtocol = Object.freeze({
  id: 'bedrock-invoke',
  origin: bedrockConverse.origin,
  framing: 'aws-event-stream',
  shape: 'any',
  request: {
    fromWire() {
      throw notTranslated();
    },
    // What a deployment sets by default is in words that the body may not have.
    toWire: () => ({ body: {} }),
  },
  response: {
    fromWire(body) {
      throw unread(body);
    },
    toWire() {
      throw notTranslated();
    },
    usage: usageIn,
  },
  stream: {
    decoder: () => bedrockConverse.stream.decoder(),
    encoder() {
      throw notTranslated();
    },
    tap: () => new RawTap(),
  },
  errors: bedrockConverse.errors,
} satisfies ChatProtocol);

import type { ChatRequest, JsonObject, Origin, ToWireContext, UpstreamProtocol } from '../../types/index.ts';
import { fromWire as readError } from '../bedrock-converse/errors.ts';
import { parameterName } from '../shared/parameter-name.ts';
import { writeParameters, type MemberNames } from '../shared/prompts/parameters.ts';
import { promptOf, type TemplateName } from '../shared/prompts/templates.ts';
import { readTextAnswer, textDecoder, type TextFormat } from '../shared/prompts/text-answer.ts';
import { turnsOf } from '../shared/prompts/turns.ts';
import { headerCounts, metricsOf } from './metrics.ts';

/** Models on Bedrock that are given a text, whose body and answer only their family has. */
export interface PromptFamily {
  id: string;
  origin: Origin;
  template(model: string): TemplateName;
  names: MemberNames;
  /** The body with the prompt in it; what else the client gave (`unknown`) is added. */
  body(prompt: string, parameters: JsonObject, request: ChatRequest): JsonObject;
  format: TextFormat;
  /** The model thinks whatever it is told. */
  thinks?: boolean;
}

/** What Bedrock adds to the events of all families. */
const withMetrics = (format: TextFormat): TextFormat => ({
  ...format,
  read(value) {
    const metrics = metricsOf(value);
    const reading = format.read(value) ?? (metrics && { pieces: [] });
    return metrics && reading ? { ...reading, usage: { ...reading.usage, ...metrics }, ended: true } : reading;
  },
});

/** The protocol of a family: InvokeModel, and InvokeModelWithResponseStream. */
export const promptProtocol = ({ id, origin, template, names, body, format, thinks = false }: PromptFamily): UpstreamProtocol => {
  const events = withMetrics(format);
  return Object.freeze({
    id,
    origin,
    framing: 'aws-event-stream',
    // DeepSeek's answers look like text completions, and are more than that.
    shape: 'openai-completions',
    request: {
      toWire(request: ChatRequest, context: ToWireContext) {
        if (thinks && request.reasoning) context.drop(parameterName('reasoning', context.from), 'how much it thinks is its own affair');
        const parameters = writeParameters(request, context, { names, protocol: id, thinks });
        const prompt = promptOf(turnsOf(request.messages, context), template(context.model));
        return { body: { ...request.unknown, ...body(prompt, parameters, request) } };
      },
    },
    response: { fromWire: (answer, _hints, headers) => readTextAnswer(format, answer, headerCounts(headers)) },
    stream: { decoder: () => textDecoder(events) },
    errors: { fromWire: readError },
  } satisfies UpstreamProtocol);
};

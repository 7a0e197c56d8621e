import {
  chatProtocols,
  exchange,
  providers,
  SluiceError,
  targetOf,
  type ChatProtocol,
  type StreamAnswer,
  type StreamChunk,
  type Transport,
  type WireEvent,
} from 'sluice/kit';
import { cut } from '../kit/chunks.ts';
import { clientRoutes, type ClientRoute } from '../kit/client-routes.ts';
import { eventStream } from '../kit/event-stream.ts';
import { providerAnswers, type Answers } from '../kit/faults/answers.ts';
import { parseJson, readEvents } from '../kit/read/events.ts';
import { asServerSentEvents, isEventStream } from '../kit/read/event-stream.ts';
import { readers } from '../kit/read/index.ts';
import { told } from '../kit/read/samples.ts';
import { short, type Finding } from './finding.ts';
import { mutated, scrambled, writeOddly } from './mutate.ts';
import { choiceOf, type Choice } from './random.ts';
import { oddText } from './values.ts';

/** Nothing here waits for anything; what is not over by then hangs. */
const hangMs = 10_000;
const encoder = new TextEncoder();

interface Event {
  event: string;
  data: string;
}

const isLines = ({ streamType }: Answers): boolean => streamType.includes('ndjson');
const isAws = ({ streamType }: Answers): boolean => streamType.includes('amazon');

/** A good stream as its events. */
const eventsOf = (answers: Answers): readonly Event[] => {
  const text = told[answers.format].stream;
  if (isLines(answers))
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((data) => ({ event: '', data }));
  return readEvents(text);
};

const changedEvents = (events: readonly Event[], choice: Choice): Event[] => {
  const result = [...events];
  for (let left = 1 + choice.int(3); left > 0 && result.length > 0; left--) {
    const at = choice.int(result.length);
    const one = result[at] as Event;
    const parsed = parseJson(one.data);
    const other: Event = {
      event: choice.chance(0.1) ? oddText(choice).slice(0, 50) : one.event,
      data: parsed === undefined ? oddText(choice) : writeOddly(mutated(parsed, choice, 3), choice),
    };
    const changes = [
      () => result.splice(at, 1, other),
      () => result.splice(at, 1, other),
      () => result.splice(at, 1, other),
      () => result.splice(at, 1),
      () => result.splice(at, 0, one),
      () => result.splice(at, 0, other),
      () => result.splice(choice.int(result.length), 0, ...result.splice(at, 1)),
      () => result.splice(at),
    ];
    choice.pick(changes)();
  }
  return result;
};

const frame = (answers: Answers, events: readonly Event[]): Uint8Array<ArrayBuffer> => {
  if (isAws(answers))
    return eventStream(...events.map(({ event, data }) => ({ event: event.slice(0, 60), data: (parseJson(data) ?? {}) as object })));
  if (isLines(answers)) return encoder.encode(events.map(({ data }) => `${data.replaceAll('\n', ' ')}\n`).join(''));
  const block = ({ event, data }: Event) =>
    `${event === '' ? '' : `event: ${event.replaceAll(/[\r\n]/g, ' ')}\n`}data: ${data.replaceAll(/\r?\n|\r/g, '\ndata: ')}\n\n`;
  return encoder.encode(events.map(block).join(''));
};

interface AnswerCase {
  client: ClientRoute;
  answers: Answers;
  stream: boolean;
  status: number;
  headers: Record<string, string>;
  pieces: Uint8Array[];
}

const statuses = [400, 401, 403, 404, 408, 413, 422, 429, 500, 502, 503, 504, 529, 301, 204, 299, 999];
const oddHeaders: readonly (readonly [string, readonly string[]])[] = [
  ['retry-after', ['-1', '1e999', 'soon', 'Wed, 21 Oct 2099 07:28:00 GMT', '']],
  ['retry-after-ms', ['NaN', '99999999999999']],
  ['x-request-id', ['', 'x'.repeat(5000), 'a"b']],
  [
    'content-type',
    [
      '',
      'text/html',
      'text/event-stream',
      'application/json',
      'application/x-ndjson',
      'application/octet-stream',
      'application/vnd.amazon.eventstream',
    ],
  ],
  ['x-should-retry', ['true', 'false', 'maybe']],
  ['x-amzn-errortype', ['__proto__', 'ThrottlingException:http://x', '']],
];

const makeCase = (choice: Choice): AnswerCase => {
  const answers = choice.pick(providerAnswers);
  const client = choice.pick(clientRoutes);
  const stream = choice.chance(0.6);
  const status = choice.chance(0.15) ? choice.pick(statuses) : 200;
  const events = stream && status === 200;
  const headers: Record<string, string> = { 'content-type': events ? answers.streamType : 'application/json' };
  if (choice.chance(0.1)) {
    const [name, values] = choice.pick(oddHeaders);
    headers[name] = choice.pick(values);
  }
  const good = status === 200 ? parseJson(told[answers.format].whole) : parseJson(answers.errorBody.toString());
  const written = events
    ? frame(answers, changedEvents(eventsOf(answers), choice))
    : encoder.encode(writeOddly(mutated(good, choice), choice));
  const bytes = choice.chance(0.15) ? scrambled(written, choice) : written;
  return { client, answers, stream, status, headers, pieces: choice.chance(0.5) ? cut(bytes, choice.int(2 ** 31)) : [bytes] };
};

const joined = (pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.concat(pieces));

const transportOf = ({ status, headers, pieces }: AnswerCase): Transport => {
  const left = [...pieces];
  return async () => ({
    status,
    headers: new Headers(headers),
    read: async () => left.shift(),
    bytes: async () => joined(left.splice(0)),
    cancel: () => void left.splice(0),
  });
};

/** Failures that are the provider's; everything else is a bug of ours. */
const problemOf = (error: unknown): string | undefined => {
  if (!SluiceError.is(error)) return `not an error of ours: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  const isOurs = error.code === 'internal' && !error.upstream;
  if (!isOurs) return error.message === '' ? 'an error without a message' : undefined;
  const { cause } = error;
  return `internal: ${error.message} ${cause instanceof Error ? cause.stack : ''}`;
};

/** What an answer cut off by an error may lack, and what a model may really have said. */
const excused = (format: string, streamed: boolean, failed: boolean, fault: string): boolean =>
  (failed && /finish reason|stop_reason|never closed|never done|after the end|another output|with parts open|no end/.test(fault)) ||
  // Models call tools by no name, and with arguments that are none: that is for the client to hear, as they said it.
  /^a \w+ ?(?:call|_use|Use|_call)? without (?:name|id or name|call_id or name)$/.test(fault) ||
  (/^(?:openai|cohere)/.test(format) && /^arguments of .* are no JSON$/s.test(fault)) ||
  (streamed && /^input of .* is no object$/s.test(fault));

const judge = ({ client, answers, stream }: AnswerCase, text: string, failure: Error | undefined, same: boolean): string[] => {
  const { format } = client;
  const reader = readers[format];
  const reading = stream ? reader.stream(text) : reader.whole(text);
  const problems = same ? [] : reading.faults.filter((fault) => !excused(format, stream, failure !== undefined, fault));
  // Of what is passed through, the provider's own events tell it, in whichever way.
  if (failure && !reading.error && !same) problems.push(`a failure that the client is not told: ${failure.message}`);
  if (!failure && reading.error && !same) problems.push(`an error that the log does not know: ${reading.error.message}`);
  if (!failure && !reading.ended && !same) problems.push(`no end, and no failure (${answers.format})`);
  return problems;
};

const framed = ({ framing }: ChatProtocol, { event, data }: WireEvent): string =>
  framing === 'ndjson' ? `${data}\n` : `${event === undefined ? '' : `event: ${event}\n`}data: ${data.replaceAll('\n', '\ndata: ')}\n\n`;

/** A stream as text that the format's reader reads. */
const textOf = (protocol: ChatProtocol, chunks: readonly StreamChunk[]): string =>
  chunks
    .map((chunk) => {
      if (!(chunk instanceof Uint8Array)) return chunk.map((event) => framed(protocol, event)).join('');
      return isEventStream(chunk) ? asServerSentEvents(chunk) : new TextDecoder().decode(chunk);
    })
    .join('');

const targets = new Map(
  providerAnswers.map((answers) => {
    const { params, mode } = answers.entry('http://provider.test');
    const options = params['aws_region_name'] === undefined ? {} : { options: { region: String(params['aws_region_name']) } };
    const target = targetOf(
      {
        model: String(params['model']),
        baseUrl: String(params['api_base']),
        apiKey: 'k',
        ...(mode === 'responses' && { prefer: 'responses' as const }),
        ...options,
      },
      { providers, env: {} },
    );
    return [answers, target] as const;
  }),
);
const protocols = new Map(chatProtocols.map((protocol) => [protocol.id as string, protocol]));

/** Calls a client's format to a provider whose answer is wrong in some way: an error, or an answer that the format's clients can read. */
const runOne = async (one: AnswerCase): Promise<string[]> => {
  const { client, answers, stream } = one;
  const format = protocols.get(client.format);
  const target = targets.get(answers);
  if (!format || !target) throw new Error(`nothing known of ${client.format} or ${answers.format}`);
  const call = { format, body: client.body('m', stream, 'Hello'), stream, target, path: { model: 'm', stream } };
  try {
    const answer = await exchange(call, { transport: transportOf(one) });
    if (answer.kind === 'whole') {
      const text = typeof answer.body === 'string' ? answer.body : new TextDecoder().decode(answer.body);
      return judge({ ...one, stream: false }, text, undefined, answer.facts.same);
    }
    const chunks: StreamChunk[] = [];
    for (let chunk = await (answer as StreamAnswer).read(); chunk !== undefined; chunk = await answer.read()) chunks.push(chunk);
    const { failure } = answer;
    const text = textOf(format, chunks);
    return [
      ...(failure ? [problemOf(failure)] : []).filter((problem) => problem !== undefined),
      ...judge(one, text, failure, answer.facts.same),
    ];
  } catch (error) {
    const problem = problemOf(error);
    return problem === undefined ? [] : [problem];
  }
};

/** Changed answers of providers, through the SDK's exchange: nothing but an error of ours, or an answer that the format's clients can read, may come of them. */
export const createAnswerFuzzer = (seed: number) => ({
  async run(index: number): Promise<Finding[]> {
    const one = makeCase(choiceOf(seed, index, 'answer'));
    let timer: ReturnType<typeof setTimeout> | undefined;
    const hang = new Promise<string[]>((resolve) => (timer = setTimeout(resolve, hangMs, ['it hangs'])));
    const problems = await Promise.race([runOne(one), hang]);
    clearTimeout(timer);
    const detail = `${one.client.name} <- ${one.answers.format}${one.stream ? ', streamed' : ''} ${one.status} ${JSON.stringify(one.headers)}\n  < ${short(new TextDecoder().decode(joined(one.pieces)), 3000)}`;
    return problems.map((problem) => ({ kind: 'answer', index, problem: short(problem, 600), detail }));
  },
  async stop(): Promise<void> {},
});

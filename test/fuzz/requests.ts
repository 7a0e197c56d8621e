import { bodyText, Secret, type Transport, type TransportResponse } from 'sluice/kit';
import { loadConfig } from '../../gateway/src/config/load.ts';
import { createServer } from '../../gateway/src/server/index.ts';
import { clientRoutes, type ClientRoute } from '../kit/client-routes.ts';
import { providerAnswers, type Answers } from '../kit/faults/answers.ts';
import { readError } from '../kit/read/errors.ts';
import { readers } from '../kit/read/index.ts';
import { isEventStream, asServerSentEvents } from '../kit/read/event-stream.ts';
import type { Obj } from '../kit/read/reading.ts';
import { short, type Finding } from './finding.ts';
import { mutated, scrambled, writeOddly } from './mutate.ts';
import { choiceOf, type Choice } from './random.ts';
import { requestSeeds } from './request-seeds.ts';
import { oddText } from './values.ts';

const masterKey = 'sk-fuzz-7c1e2a90b4d3f5e6a7b8c9d0e1f20314';
/** Longer than any answer takes; a call that is not over by then hangs. */
const hangMs = 20_000;

const bytesOf = ({ whole, events }: Answers, stream: boolean): Uint8Array => (stream ? Buffer.concat(events) : whole);

/** A provider in this process that answers well, whatever it is asked, and says what was wrong with how it was asked. */
const providerOf = (complain: (problem: string) => void): Transport => {
  const formats = new Map(providerAnswers.map((answers) => [answers.format as string, answers]));
  return async ({ url, headers, body }): Promise<TransportResponse> => {
    const answers = formats.get(new URL(url).hostname.split('.')[0] ?? '');
    if (!answers) throw new Error(`no provider at ${url}`);
    const text = await bodyText(body, 1e9);
    try {
      JSON.parse(text);
    } catch {
      complain(`the provider was sent no JSON: ${short(text)}`);
    }
    if (JSON.stringify(headers).includes(masterKey) || text.includes(masterKey)) complain('the provider was sent the gateway’s key');
    for (const [name, value] of Object.entries(headers)) {
      // oxlint-disable-next-line no-control-regex
      if (!/^[\w-]+$/.test(name) || /[\0\r\n]/.test(value))
        complain(`the provider was sent the header ${JSON.stringify([name, short(value)])}`);
    }
    const stream = /stream/i.test(new URL(url).pathname) || /event-?stream|ndjson/i.test(headers['accept'] ?? '');
    let left: Uint8Array | undefined = bytesOf(answers, stream);
    const take = () => {
      const taken = left;
      left = undefined;
      return taken;
    };
    return {
      status: 200,
      headers: new Headers({ 'content-type': stream ? answers.streamType : 'application/json' }),
      read: async () => take(),
      bytes: async () => take() ?? new Uint8Array(),
      cancel: () => void take(),
    };
  };
};

interface RequestCase {
  client: ClientRoute;
  path: string;
  headers: Record<string, string>;
  body: Uint8Array<ArrayBuffer>;
}

const encoder = new TextEncoder();

const contentTypes = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/json; charset=utf-16',
  'APPLICATION/JSON',
  '',
  ';',
  'application/vnd.api+json',
];

const headersOf = (choice: Choice): Record<string, string> => {
  const headers: Record<string, string> = { authorization: `Bearer ${masterKey}`, 'content-type': 'application/json' };
  if (choice.chance(0.03)) headers['content-type'] = choice.pick(contentTypes);
  if (choice.chance(0.01)) headers['content-encoding'] = choice.pick(['gzip', 'identity', 'br', 'x', '']);
  if (choice.chance(0.05)) {
    const name = choice.pick([
      'x-litellm-timeout',
      'x-litellm-num-retries',
      'x-litellm-tags',
      'x-litellm-call-id',
      'anthropic-beta',
      'anthropic-version',
      'openai-beta',
      'x-stainless-helper',
      'accept',
      'x-goog-api-client',
      'traceparent',
    ]);
    headers[name] = choice.pick(['', '0', '-1', '1e999', 'NaN', 'a,b,,c', '{"a":1}', 'é', 'x'.repeat(5000), '__proto__']);
  }
  return headers;
};

const makeCase = (choice: Choice): RequestCase => {
  const client = choice.pick(clientRoutes);
  const stream = choice.chance(0.4);
  const model = choice.pick(providerAnswers).format as string;
  const smallest = client.body(model, stream, 'Hello');
  const seed: Obj = choice.chance(0.9) ? { ...smallest, ...choice.pick(requestSeeds[client.format]) } : smallest;
  // The names of models are left alone mostly: a request that goes nowhere finds nothing.
  const changed = mutated(seed, choice);
  if (choice.chance(0.9) && typeof changed === 'object' && changed !== null && !Array.isArray(changed) && 'model' in seed)
    (changed as Obj)['model'] = model;
  const written = encoder.encode(writeOddly(choice.chance(0.03) ? seed : changed, choice));
  const body = choice.chance(0.1) ? scrambled(written, choice) : written;
  // The path is no place for lone surrogates, so odd names of models are made of what URLs can hold.
  const named = choice.chance(0.02)
    ? oddText(choice)
        .replaceAll(/[^\x20-\x7e]/g, '%')
        .slice(0, 500) || 'm'
    : model;
  return { client, path: client.path(named, stream), headers: headersOf(choice), body };
};

/** Told of broken arguments, the client has what the provider said. */
const judgeAnswer = (client: ClientRoute, contentType: string, bytes: Uint8Array, same: boolean): string[] => {
  const stream = /event-?stream|ndjson/.test(contentType) || (client.name === 'gemini-array' && bytes[0] === 91);
  const text = isEventStream(bytes) ? asServerSentEvents(bytes) : new TextDecoder().decode(bytes);
  const reading = stream ? readers[client.format].stream(text) : readers[client.format].whole(text);
  const problems = same ? [] : [...reading.faults];
  if (reading.error) problems.push(`an error in the answer: ${reading.error.message}`);
  if (!reading.ended && !same) problems.push('the answer has no end');
  return problems;
};

export interface RequestFuzzer {
  run(index: number): Promise<Finding[]>;
  stop(): Promise<void>;
}

/** Changed requests, through the whole gateway over HTTP, to providers that answer well: nothing but an answer or a 4xx may come of them. */
export const createRequestFuzzer = (seed: number): RequestFuzzer => {
  const complaints: string[] = [];
  /** By the call's id, which the cases choose. */
  const logged = new Map<string, string>();
  const model_list = providerAnswers.map((answers) => {
    const { params, mode } = answers.entry(`http://${answers.format}.test`);
    return {
      model_name: answers.format,
      litellm_params: { api_key: 'sk-provider', ...params },
      ...(mode !== undefined && { model_info: { mode } }),
    };
  });
  const loaded = loadConfig(JSON.stringify({ model_list, router_settings: { num_retries: 0 } }), { file: 'fuzz.yaml', env: {} });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems.slice(0, 3)));
  const log = (line: string) => {
    if (!line.includes('unexpected failure') && !line.includes('"errorCode":"internal"')) return;
    const { callId, error, errorMessage } = JSON.parse(line) as Record<string, unknown>;
    logged.set(String(callId), String(error ?? logged.get(String(callId)) ?? errorMessage));
  };
  const server = createServer(
    { snapshot: loaded.snapshot, host: '127.0.0.1', port: 0, masterKey: new Secret(masterKey), env: {}, log, version: 'fuzz' },
    providerOf((problem) => void complaints.push(problem)),
  );

  return {
    async run(index) {
      const { client, path, headers, body } = makeCase(choiceOf(seed, index, 'request'));
      const id = `fuzz-${index}`;
      headers['x-litellm-call-id'] ??= id;
      const problems: string[] = [];
      let answer = '';
      try {
        const response = await fetch(server.url + path, { method: 'POST', headers, body, signal: AbortSignal.timeout(hangMs) });
        const bytes = new Uint8Array(await response.arrayBuffer());
        answer = new TextDecoder().decode(bytes);
        const { status } = response;
        if (status >= 500) problems.push(`status ${status}`);
        else if (status >= 400) problems.push(...readError(client.format, status, answer).faults);
        else if (status !== 200) problems.push(`status ${status}`);
        else
          problems.push(
            ...judgeAnswer(
              client,
              response.headers.get('content-type') ?? '',
              bytes,
              response.headers.get('x-litellm-model-group') === client.format,
            ),
          );
      } catch (cause) {
        problems.push(`no answer: ${String(cause)}`);
      }
      problems.push(...complaints.splice(0));
      const failure = logged.get(id);
      if (failure !== undefined) problems.push(`the log says: ${failure}`);
      logged.delete(id);
      const detail = `POST ${short(path, 100)} ${JSON.stringify(headers['content-type'])}\n  > ${short(new TextDecoder().decode(body), 1500)}\n  < ${short(answer)}`;
      return problems.map((problem) => ({ kind: 'request', index, problem: short(problem), detail }));
    },
    stop: () => server.stop({ drainTimeoutMs: 0 }),
  };
};

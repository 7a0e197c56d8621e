import { errorCodes, Secret, SluiceError, type ErrorCode, type JsonObject, type ToolCallPart } from '../../types/index.ts';

/** What the mock is to do in one call, read from the model's name and the target's options. */
export interface Script {
  /** Before anything is answered. Milliseconds. */
  delayMs: number;
  /** Between two pieces of a stream. Milliseconds. */
  pieceDelayMs: number;
  /** Never answers: the caller's deadline ends it. */
  hangs: boolean;
  /** Answered in place of an answer. */
  failure?: SluiceError;
  /** Comes after the first pieces of a stream; a whole answer fails with it at once. */
  streamFailure?: SluiceError;
  text?: string;
  /** A whole answer in OpenAI's chat format, given to the client as it is. */
  body?: JsonObject;
  toolCalls?: readonly ToolCallPart[];
  embedding?: readonly number[];
  /** `echo`: the user's own words; `tools`: calls a tool if there is one; `thinking`: thinks aloud first. */
  manner: 'echo' | 'tools' | 'thinking' | 'plain';
}

const manners: Readonly<Record<string, Script['manner']>> = { echo: 'echo', tools: 'tools', thinking: 'thinking' };

/**
 * `mock/echo`, `mock/tools`, `mock/thinking`, `mock/slow` (1 s, then 50 ms a piece), `mock/timeout` (never answers),
 * `mock/error-429` (any status or any of our error codes), `mock/stream-error`; any other name answers in plain words.
 * Options are LiteLLM's: `mock_response`, `mock_tool_calls`, `mock_timeout`, `mock_delay` (seconds).
 * @throws SluiceError `invalid_request` for options of the wrong kind
 */
export const scriptOf = (model: string, options: Readonly<Record<string, unknown>> = {}): Script => {
  const script: Script = { delayMs: 0, pieceDelayMs: 0, hangs: false, manner: manners[model] ?? 'plain' };
  if (model === 'slow') Object.assign(script, { delayMs: 1000, pieceDelayMs: 50 });
  if (model === 'timeout') script.hangs = true;
  if (model === 'stream-error') script.streamFailure = streamFailure();
  if (model.startsWith('error-')) script.failure = failureByName(model.slice('error-'.length));

  if (options['mock_delay'] !== undefined) script.delayMs = wantDelay(options['mock_delay']) * 1000;
  if (options['mock_timeout'] === true) script.hangs = true;
  if (options['mock_tool_calls'] !== undefined) script.toolCalls = wantToolCalls(options['mock_tool_calls']);
  if (options['mock_response'] !== undefined) Object.assign(script, ofResponse(options['mock_response']));
  return script;
};

const ofResponse = (response: unknown): Partial<Script> => {
  const value = response instanceof Secret ? response.reveal() : response;
  if (SluiceError.is(value)) return { failure: value };
  if (value instanceof Error) return { failure: new SluiceError('internal', value.message, { cause: value }) };
  if (typeof value === 'string') return ofText(value);
  if (Array.isArray(value) && value.every((each) => typeof each === 'number')) return { embedding: value };
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return 'choices' in value ? { body: value as JsonObject } : { text: JSON.stringify(value) };
  }
  return { text: String(value) };
};

/** Texts that stand for failures, as LiteLLM has them. */
const ofText = (text: string): Partial<Script> => {
  if (text === 'Exception: content_filter_policy') return { failure: mockFailure('content_policy_violation') };
  if (text === 'Exception: mock_streaming_error') return { streamFailure: streamFailure() };
  if (text.startsWith('litellm.')) {
    const code = codeNamed(text.slice('litellm.'.length).split(':')[0]!);
    if (code) return { failure: mockFailure(code) };
  }
  return { text };
};

const codeNamed = (name: string): ErrorCode | undefined => codes.find((code) => errorCodes[code].name === name);
const codes = Object.keys(errorCodes) as ErrorCode[];

const mockFailure = (code: ErrorCode, status?: number): SluiceError =>
  new SluiceError(code, `This is a mock ${errorCodes[code].name}.`, { provider: 'mock', ...(status !== undefined && { status }) });

const streamFailure = (): SluiceError => mockFailure('overloaded');

/** @param name a status or one of our codes */
const failureByName = (name: string): SluiceError => {
  if (name in errorCodes) return mockFailure(name as ErrorCode);
  const status = Number(name);
  if (!/^[45]\d\d$/.test(name)) {
    throw new SluiceError(
      'not_found',
      `There is no mock model 'error-${name}': write a status from 400 to 599 (error-429) or an error code (error-rate_limited).`,
      { param: 'model' },
    );
  }
  const code = codes.find((each) => errorCodes[each].status === status) ?? (status >= 500 ? 'internal' : 'invalid_request');
  return mockFailure(code, status);
};

const wantDelay = (value: unknown): number => {
  if (typeof value === 'number' && value >= 0 && value < 86_400) return value;
  throw new SluiceError('invalid_request', "'mock_delay' must be a number of seconds.", { param: 'mock_delay' });
};

const wantToolCalls = (value: unknown): ToolCallPart[] => {
  const refuse = () =>
    new SluiceError(
      'invalid_request',
      "'mock_tool_calls' must be a list of OpenAI tool calls: { id, type: 'function', function: { name, arguments } }.",
      { param: 'mock_tool_calls' },
    );
  if (!Array.isArray(value)) throw refuse();
  return value.map((each: unknown, at): ToolCallPart => {
    const { id, function: called } = (each ?? {}) as { id?: unknown; function?: { name?: unknown; arguments?: unknown } };
    if (typeof called?.name !== 'string') throw refuse();
    const { arguments: args } = called;
    return {
      type: 'tool-call',
      kind: 'function',
      id: typeof id === 'string' ? id : `call_mock_${at}`,
      name: called.name,
      arguments: typeof args === 'string' ? args : JSON.stringify(args ?? {}),
    };
  });
};

import { totalInputTokens, totalOutputTokens } from 'sluice/kit';
import { attemptLines } from './attempts.ts';
import type { CallRecord } from './call-record.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

const severity: Readonly<Record<LogLevel, number>> = { debug: 20, info: 30, warn: 40, error: 50, silent: 60 };

/** Structured lines: one JSON object each, as pino writes them (`level` as a number, `time` in Unix milliseconds, `msg`). */
export interface Logger {
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
  /** The one line of a call. */
  call(record: CallRecord): void;
}

type Fields = Readonly<Record<string, unknown>>;

export interface LoggerOptions {
  write: (line: string) => void;
  level: () => LogLevel;
  /** Whether calls get a line. */
  calls: () => boolean;
  now?: () => number;
}

export const createLogger = ({ write, level, calls, now = Date.now }: LoggerOptions): Logger => {
  const at = (name: LogLevel) => (msg: string, fields?: Fields) => {
    if (severity[name] >= severity[level()]) write(JSON.stringify({ level: severity[name], time: Math.round(now()), msg, ...fields }));
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    call(record) {
      const name = levelOf(record);
      if (!calls() || severity[name] < severity[level()]) return;
      write(JSON.stringify(lineOf(record, severity[name], Math.round(now()))));
    },
  };
};

/** Written out, since spreading objects is slow, and each call does it. What is undefined is left out of the text. */
const lineOf = (
  call: CallRecord,
  level: number,
  time: number,
): Record<Exclude<keyof CallRecord, 'usage' | 'cost' | 'lostNanoUsd' | 'trace' | 'providerOf'>, unknown> & Fields => ({
  level,
  time,
  msg: 'call',
  callId: call.callId,
  route: call.route,
  model: call.model,
  // Side by side where they differ, so that nobody has to guess which of them `model` is.
  requestedModel: call.servedModel === undefined ? undefined : call.model,
  madeUp: call.madeUp || undefined,
  servedModel: call.servedModel,
  routedBy: call.routedBy,
  experiment: call.experiment && `${call.experiment.name}=${call.experiment.arm}`,
  step: call.step,
  mirrorOf: call.mirrorOf,
  sharedWith: call.sharedWith,
  deploymentId: call.deploymentId,
  provider: call.provider,
  upstreamModel: call.upstreamModel,
  same: call.same,
  stream: call.stream,
  status: call.status,
  errorCode: call.errorCode,
  errorMessage: call.errorMessage,
  upstreamStatus: call.upstreamStatus,
  upstreamRequestId: call.upstreamRequestId,
  attempts: call.attempts,
  tries: call.tries && attemptLines(call.callId, call.tries, call.trace),
  fallbacks: call.fallbacks ? call.fallbacks : undefined,
  traceId: call.trace?.traceId,
  caller: call.caller,
  clientAddress: call.clientAddress,
  durationMs: round(call.durationMs),
  firstOutputMs: round(call.firstOutputMs),
  overheadMs: round(call.overheadMs),
  inputTokens: call.usage && totalInputTokens(call.usage),
  outputTokens: call.usage && totalOutputTokens(call.usage),
  cacheReadTokens: call.usage?.cacheReadTokens,
  usageEstimated: call.usageEstimated,
  wouldRefuse: call.wouldRefuse?.map(({ kind, label }) => `${kind} of ${label}`),
  // What is not known is said to be unknown: no line of a log may look as if the call had been free.
  cost_nano_usd: call.cost?.charged?.total,
  lost_cost_nano_usd: call.lostNanoUsd,
  cost: call.cost && !call.cost.cost.known ? 'unknown' : undefined,
  costUnknownWhy: call.cost && !call.cost.cost.known ? call.cost.cost.why : undefined,
  dropped: call.dropped.length > 0 ? call.dropped.map(({ what }) => what) : undefined,
});

/** A stream that broke after its headers had gone is no success, whatever its status says. */
const levelOf = ({ status, errorCode }: CallRecord): LogLevel => {
  if (status >= 500 || (status < 400 && errorCode !== undefined)) return 'error';
  return status >= 400 && status !== 499 ? 'warn' : 'info';
};

const round = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : Math.round(ms * 1000) / 1000);

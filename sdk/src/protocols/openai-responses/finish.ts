import { table } from '../../lib/table.ts';
import type { FinishReason, JsonObject } from '../../types/index.ts';
import { asObject, asString } from '../shared/read.ts';

const incomplete: Readonly<Record<string, FinishReason>> = table({ max_output_tokens: 'length', content_filter: 'content-filter' });
/** `complete` is what some compatible servers write. */
const whole: ReadonlySet<string> = new Set(['completed', 'complete']);

export interface Finish {
  reason: FinishReason;
  rawReason?: string;
}

/** This format has no finish reason: it is read from the status and from what the answer holds. */
export const readFinish = (response: JsonObject, holds: { toolCalls: boolean; refusal: boolean }): Finish => {
  const status = asString(response['status']) ?? 'completed';
  if (whole.has(status)) return { reason: holds.toolCalls ? 'tool-calls' : holds.refusal ? 'refusal' : 'stop', rawReason: status };
  const why = asString(asObject(response['incomplete_details'])?.['reason']);
  return { reason: incomplete[why ?? ''] ?? 'other', rawReason: why ?? status };
};

export interface FinalStatus {
  status: 'completed' | 'incomplete' | 'failed';
  incomplete_details: JsonObject | null;
}

const cut = (reason: string): FinalStatus => ({ status: 'incomplete', incomplete_details: { reason } });
const completed: FinalStatus = { status: 'completed', incomplete_details: null };

/** The reverse. The two kinds that leave nothing usable are failures, so that agents try again. */
const statuses: Partial<Record<FinishReason, FinalStatus>> = {
  length: cut('max_output_tokens'),
  'context-window': cut('max_output_tokens'),
  'content-filter': cut('content_filter'),
  'malformed-tool-call': { status: 'failed', incomplete_details: null },
  error: { status: 'failed', incomplete_details: null },
};

export const writeFinish = (reason: FinishReason): FinalStatus => statuses[reason] ?? completed;

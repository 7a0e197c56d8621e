import { SluiceError, type JsonObject } from '../../types/index.ts';
import { plainId } from './file.ts';

export type BatchStatus = 'validating' | 'failed' | 'in_progress' | 'finalizing' | 'completed' | 'expired' | 'cancelling' | 'cancelled';

export const chatEndpoint = '/v1/chat/completions';
export const embeddingsEndpoint = '/v1/embeddings';

/** What vendors tell of a batch. Times are Unix seconds. */
export interface BatchFacts {
  id: string;
  endpoint: string;
  status: BatchStatus;
  inputFileId?: string | undefined;
  /** Named only where there is something in it. */
  outputFileId?: string | undefined;
  errorFileId?: string | undefined;
  createdAt?: number | undefined;
  startedAt?: number | undefined;
  /** When it came to its end, whichever that was. */
  endedAt?: number | undefined;
  expiresAt?: number | undefined;
  completionWindow?: string | undefined;
  counts?: { total: number; completed: number; failed: number } | undefined;
  /** Why it failed, in the vendor's words. */
  errors?: readonly { code: string; message: string }[] | undefined;
  metadata?: unknown;
  model?: string | undefined;
}

const endings: Readonly<Partial<Record<BatchStatus, string>>> = {
  completed: 'completed_at',
  failed: 'failed_at',
  expired: 'expired_at',
  cancelled: 'cancelled_at',
};

/** OpenAI's batch object (openai/openai-openapi, read 2026-11-22). */
export const batchObject = (facts: BatchFacts): JsonObject => {
  const ending = endings[facts.status];
  return {
    id: facts.id,
    object: 'batch',
    endpoint: facts.endpoint,
    ...(facts.model !== undefined && { model: facts.model }),
    errors: facts.errors?.length
      ? { object: 'list', data: facts.errors.map(({ code, message }) => ({ code, message, param: null, line: null })) }
      : null,
    input_file_id: facts.inputFileId ?? '',
    completion_window: facts.completionWindow ?? '24h',
    status: facts.status,
    output_file_id: facts.outputFileId ?? null,
    error_file_id: facts.errorFileId ?? null,
    created_at: facts.createdAt ?? 0,
    in_progress_at: facts.startedAt ?? null,
    expires_at: facts.expiresAt ?? null,
    finalizing_at: null,
    completed_at: null,
    failed_at: null,
    expired_at: null,
    cancelling_at: null,
    cancelled_at: null,
    ...(ending !== undefined && { [ending]: facts.endedAt ?? null }),
    ...(facts.counts && { request_counts: facts.counts }),
    metadata: facts.metadata ?? null,
  };
};

/** The file that a batch is to be made of. @throws SluiceError `invalid_request` */
export const wantInputFile = (body: JsonObject): string => {
  const id = body['input_file_id'];
  if (typeof id === 'string' && id !== '') return plainId(id);
  throw new SluiceError('invalid_request', "'input_file_id' is missing.", { param: 'input_file_id' });
};

/** Hours of `completion_window` (`24h`, `1d`). */
export const windowHours = (body: JsonObject): number | undefined => {
  const [, count, unit] = /^(\d{1,4})(h|d)$/.exec(String(body['completion_window'] ?? '')) ?? [];
  return count === undefined ? undefined : Number(count) * (unit === 'd' ? 24 : 1);
};

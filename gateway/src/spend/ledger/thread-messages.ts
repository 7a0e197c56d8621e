import { SluiceError, type ErrorCode } from 'sluice/kit';
import type { PostedStatement } from '../../storage/sql/posted.ts';
import type { RetainOptions } from './retain.ts';
import type { VerifyOptions } from './verify.ts';

/** What a thread of the ledger is asked, over one file. */
export type Asked = { readonly id: number; readonly path: string; readonly now: number } & (
  | { readonly what: 'write'; readonly events: string; readonly keepRows: boolean }
  | { readonly what: 'retain'; readonly options: RetainOptions }
  | { readonly what: 'verify'; readonly options: VerifyOptions }
  | { readonly what: 'rebuild' }
  | { readonly what: 'all'; readonly statement: PostedStatement }
  | { readonly what: 'close' }
);

export interface Failed {
  readonly message: string;
  readonly code?: string;
  readonly detail?: string;
}

export interface Answered {
  readonly id: number;
  readonly value?: unknown;
  readonly failed?: Failed;
}

/** Errors lose their class on the way between threads. */
export const failedOf = (cause: unknown): Failed => {
  if (!SluiceError.is(cause)) return { message: String(cause) };
  return { message: cause.message, code: cause.code, ...(cause.detail !== undefined && { detail: cause.detail }) };
};

export const errorOf = ({ message, code, detail }: Failed): Error =>
  code === undefined ? new Error(message) : new SluiceError(code as ErrorCode, message, detail === undefined ? {} : { detail });

import { SluiceError, type ErrorCode } from '../../../types/index.ts';

/** An error of Google credentials. Messages name what is wrong and where, and never hold a credential (FP-26) or a path, which is for `detail`. */
export const authFailure = (message: string, code: ErrorCode = 'authentication', cause?: unknown, detail?: string): SluiceError =>
  new SluiceError(code, message, {
    provider: 'vertex_ai',
    ...(code === 'authentication' && { retry: false }),
    ...(cause !== undefined && { cause }),
    ...(detail !== undefined && { detail }),
  });

import { APIError } from 'openai';
import type { Problem } from './client.ts';

export const openaiProblem = (error: unknown): Problem => {
  if (!(error instanceof APIError)) return { kind: (error as Error).constructor.name, message: String(error) };
  const { status, type, message, requestID } = error;
  return { kind: error.constructor.name, status, type, message, ...(requestID && { requestId: requestID }) };
};

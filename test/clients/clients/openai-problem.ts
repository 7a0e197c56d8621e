import type { APIError } from 'openai';
import type { Problem } from './client.ts';

/** By its members: libraries on top of `openai` bring a copy of their own, whose classes are others. */
export const openaiProblem = (error: unknown): Problem => {
  const kind = (error as Error).constructor.name;
  if (!(error instanceof Error && 'requestID' in error)) return { kind, message: String(error) };
  const { status, type, message, requestID } = error as APIError;
  return { kind, status, type, message, ...(requestID && { requestId: requestID }) };
};

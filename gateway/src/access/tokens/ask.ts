import { SluiceError } from 'sluice/kit';
import { bounded, type Reach } from '../sign-on/oidc/reach.ts';

const timeoutMs = 5000;

/**
 * Asks an endpoint of an identity provider for JSON. What it answers is bounded, and it is not followed elsewhere.
 * @returns the status with what was said; undefined: it was no JSON object
 * @throws SluiceError `unavailable` where nothing came
 */
export const askJson = async (
  reach: Reach,
  url: string,
  init: RequestInit,
  what: string,
): Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> | undefined }> => {
  try {
    const response = await bounded(reach)(url, { ...init, signal: AbortSignal.timeout(timeoutMs) });
    const text = await response.text();
    return { status: response.status, body: objectOf(text) };
  } catch (cause) {
    throw away(what, cause);
  }
};

const objectOf = (text: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
};

/** Who cannot be asked has refused nobody: never a 401. */
export const away = (what: string, cause?: unknown): SluiceError =>
  SluiceError.is(cause)
    ? cause
    : new SluiceError('unavailable', `${what} cannot be asked at the moment. Try again.`, {
        detail: cause instanceof Error ? cause.message.slice(0, 300) : undefined,
        cause,
      });

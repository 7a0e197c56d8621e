import { credentialsRefused } from '../providers/index.ts';
import { SluiceError, type Target } from '../types/index.ts';

/** AWS says so with a 403 or a 400, and proxies before the other clouds with a 403. */
const expired = /(?:token|credentials?|session)\b.{0,60}\bexpired|expired\s?(?:token|credentials?)/i;

const isOfCredentials = ({ code, status, message, upstream }: SluiceError): boolean =>
  upstream !== undefined && (status === 401 || code === 'authentication' || ((status === 403 || status === 400) && expired.test(message)));

/**
 * Whether a failed call is worth one more try with credentials that are fetched anew: those that it had were refused, and
 * they were fetched, not configured. Drops them.
 * @param sent the headers of the call
 */
export const renewable = (error: unknown, target: Target, sent: Readonly<Record<string, string>>): boolean =>
  SluiceError.is(error) && isOfCredentials(error) && credentialsRefused(target, sent);

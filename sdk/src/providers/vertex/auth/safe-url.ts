import { authFailure } from './failure.ts';

/*
 * Files of credentials hold addresses that secrets are sent to. A file that somebody else made could send them
 * anywhere; Google's libraries leave the check to their users (docs.cloud.google.com/docs/authentication/external/
 * externally-sourced-credentials, read 2026-11-22), so it is made here.
 */

const parse = (text: string, member: string): URL => {
  let url: URL | undefined;
  try {
    url = new URL(text);
  } catch {
    // Said below.
  }
  if (!url || url.username !== '' || url.password !== '') throw authFailure(`'${member}' of the Google credentials is not a usable URL.`);
  return url;
};

/** @throws SluiceError `authentication` where the address is not Google's */
export const googleUrl = (text: string, member: string): string => {
  const { protocol, hostname, port } = parse(text, member);
  const isGoogles = hostname.endsWith('.googleapis.com') || hostname === 'accounts.google.com';
  if (protocol !== 'https:' || !isGoogles || port !== '')
    throw authFailure(`'${member}' of the Google credentials leads to '${hostname}', which is not Google's: such files are not used.`);
  return text;
};

/** Where machines ask for what they are: in the open, but never further than the machine itself. */
const localHosts: ReadonlySet<string> = new Set([
  'localhost',
  '127.0.0.1',
  '[::1]',
  '169.254.169.254',
  '[fd00:ec2::254]',
  'metadata.google.internal',
]);

/** Where a token of another provider of identities comes from: HTTPS, or the machine's own metadata. @throws SluiceError `authentication` */
export const sourceUrl = (text: string, member: string): string => {
  const { protocol, hostname } = parse(text, member);
  if (protocol !== 'https:' && !(protocol === 'http:' && localHosts.has(hostname)))
    throw authFailure(`'${member}' of the Google credentials must be HTTPS, or the machine's own metadata server.`);
  return text;
};

/** AWS's metadata is on the machine. @throws SluiceError `authentication` */
export const metadataUrl = (text: string, member: string): string => {
  if (!localHosts.has(parse(text, member).hostname))
    throw authFailure(`'${member}' of the Google credentials is not the machine's own metadata server.`);
  return text;
};

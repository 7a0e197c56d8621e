import { complete, noConnection, notAnAnswer, refused, tooLate } from './expect.ts';
import type { Fault, Place } from './fault.ts';
import { sized, statusHead } from './http.ts';
import type { Script } from './upstream.ts';

const at = (name: string, place: Place, whole: Fault['whole']): Fault => ({ name, place, whole });
const secure = (certificate: string): Place => ({ scheme: 'https', certificate });
const tls = { scheme: 'https' } as const;

/** An answer to the head of a request, whose body is never read. */
const early = (status: number, message: string, whole: Fault['whole'], promptChars?: number): Fault => ({
  name: `${status} before the request was read${promptChars === undefined ? '' : ', of which most could not even be sent'}`,
  ...(promptChars !== undefined && { promptChars }),
  script: (): Script => ({
    at: 'head',
    steps: ['stop reading', sized(statusHead(status), JSON.stringify({ error: { message }, message })), { waitMs: 300 }, 'read on'],
  }),
  whole,
});

/** Providers to which there is no connection, and ones that do not hear a request out. */
export const connectingFaults: readonly Fault[] = [
  at('nobody there', { nobody: true }, noConnection(/refused/)),
  at('a name that does not exist', { nobody: true, host: 'no-such-host.invalid' }, noConnection(/no-such-host\.invalid/)),
  at('reset when the connection is made', { accept: ['reset'] }, noConnection(/reset|closed/)),
  at('closed when the connection is made', { accept: ['close'] }, noConnection(/closed|reset/)),
  { ...at('silence from the first moment on', { accept: ['stop reading'] }, tooLate(/took longer than \d+ ms/)), slow: true },
  at('a refusal that does not wait for the request', { accept: [sized(statusHead(503, 'text/plain'), 'full'), 'close'] }, [
    refused(503, 'unavailable', /full|503/),
    noConnection(/closed|reset/),
  ]),
  at('TLS, trusted and with the right name', secure('localhost'), complete),
  at('TLS with a certificate that has signed itself', secure('self-signed'), noConnection(/self-signed/)),
  at('TLS with a certificate for another name', secure('other-name'), noConnection(/for another name/)),
  at('TLS with a certificate that has expired', secure('expired'), noConnection(/expired/)),
  at('plain HTTP where TLS is spoken', { certificate: 'localhost' }, [noConnection(/closed|reset|broke/), notAnAnswer(/not valid HTTP/)]),
  at(
    'TLS where plain HTTP is spoken',
    { ...tls, accept: [sized(statusHead(400, 'text/plain'), 'Bad Request'), 'close'] },
    noConnection(/TLS|closed|wrong version/i),
  ),
  at('TLS that is reset in its handshake', { ...tls, accept: [{ waitMs: 5 }, 'reset'] }, noConnection(/reset|closed/)),
  {
    ...at(
      'TLS whose handshake is never answered',
      { ...tls, accept: [] },
      tooLate(/No connection to .* within \d+ ms|took longer than \d+ ms/),
    ),
    slow: true,
  },
  early(413, 'too large for us', refused(413, 'request_too_large', /too large/)),
  early(401, 'who are you', refused(401, 'authentication', /who are you/)),
  early(413, 'too large for us', refused(413, 'request_too_large', /too large/), 8_000_000),
];

import type { Outcome } from './expect.ts';
import type { Pieces } from './http.ts';
import type { Script } from './upstream.ts';

/** Where a provider is reached, if that is what is wrong with it. */
export interface Place {
  scheme?: 'http' | 'https';
  host?: string;
  /** The name of its certificate: it speaks TLS. */
  certificate?: string;
  /** What happens with a connection, whatever is asked on it. */
  accept?: Script['steps'];
  /** Nobody is there. */
  nobody?: true;
}

/** One way in which a provider fails, or behaves oddly. */
export interface Fault {
  name: string;
  /** What the provider does with a request, given its good answer, which is the default. */
  script?(pieces: Pieces): Script | Script['steps'];
  place?: Place;
  /** What a client that asked for a whole answer gets, and one that asked for a stream; the same where there is no `stream`. */
  whole: Outcome | readonly Outcome[];
  stream?: Outcome | readonly Outcome[];
  /** The framings of streams that it is about; absent: all. */
  framings?: readonly ('sse' | 'ndjson' | 'aws-event-stream')[];
  /** Most of its time is waiting. */
  slow?: true;
  /** Characters of the prompt, where a small one will not do. Then one client alone asks one provider: they are many bytes. */
  promptChars?: number;
}

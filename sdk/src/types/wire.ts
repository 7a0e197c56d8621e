import type { JsonObject } from './json.ts';
import type { ByteStream, MediaFile } from './operation.ts';
import type { Target } from './provider.ts';

/** A field of a form: a text, or a file. */
export type FormField = readonly [name: string, value: string | MediaFile];

/** One request of an adapter. Exactly one of `json`, `form` and `bytes`, or none. */
export interface WireCall {
  /** Absent: POST where there is a body, else GET. */
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /**
   * Behind the base URL (`/v1/listen`), or a whole URL. Credentials go to the vendor's own hosts alone (those of the base
   * URL and of `Provider.hosts`): a URL of another host gets none.
   */
  url: string;
  query?: Readonly<Record<string, string | number | boolean | undefined>>;
  headers?: Readonly<Record<string, string>>;
  json?: unknown;
  form?: readonly FormField[];
  bytes?: MediaFile | Uint8Array<ArrayBuffer>;
  /** For a download: a few redirects are followed, to HTTPS alone. As ever, hosts that are not the vendor's get no credentials. */
  follow?: boolean;
}

/**
 * An adapter's hands: sends requests with the target's credentials, deadlines and cancellation. All calls of one adapter's
 * run share the deadline of the whole call.
 */
export interface Wire {
  readonly target: Target;
  /** The upstream's name of the model. */
  readonly model: string;
  /** For a parameter that the vendor lacks: throws `unsupported_parameter`, or notes it with `drop_params`. */
  lacks(parameter: string, why?: string): void;
  /** Notes what was left out or changed. */
  drop(what: string, why: string): void;
  /** Sends and reads one JSON answer. @throws SluiceError for any status but 2xx, with the vendor's own words */
  json(call: WireCall): Promise<JsonObject>;
  /** The same, with the answer's headers. */
  answer(call: WireCall): Promise<{ json: JsonObject; headers: Headers; status: number }>;
  /** Sends and hands over the answer's bytes as they come. @throws SluiceError for any status but 2xx */
  stream(call: WireCall): Promise<ByteStream & { headers: Headers }>;
  /** A small binary answer, whole. */
  file(call: WireCall): Promise<MediaFile>;
  /** Waits between two looks at a job. Ends early, by throwing, with the call. */
  sleep(ms: number): Promise<void>;
  /** Unix milliseconds. */
  now(): number;
}

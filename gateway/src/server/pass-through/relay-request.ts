import { spliceTopLevel, type BodySource, type JsonObject } from 'sluice/kit';
import type { Handling } from '../handling.ts';
import { clientBody } from './client-body.ts';
import type { Relay } from './relay.ts';

/** What a client sends: nothing, a JSON text that was read, or bytes that go on as they come. */
export type RelayBody =
  | { kind: 'none' }
  | { kind: 'text'; text: string; json: JsonObject | undefined }
  | { kind: 'source'; open(progress: () => void): BodySource };

const json = /^\s*application\/(?:[\w.+-]*\+)?json\b/i;

/**
 * Reads what must be known before it is known where the call goes: JSON says its model. All else is opened later.
 * @param whole it must be read to its end, whatever it is
 * @throws SluiceError
 */
export const readRelayBody = async (handling: Handling, whole: boolean): Promise<RelayBody> => {
  const { request } = handling;
  if (handling.bodyRead !== undefined) return asText(handling.bodyRead);
  const form = handling.formRead;
  // Its boundary, and so its content type, stay what they were.
  if (form) return { kind: 'source', open: () => form.relay({}).body };
  if (!request.body || request.method === 'GET' || request.method === 'HEAD') return { kind: 'none' };
  const encoding = request.headers.get('content-encoding');
  const isJson = json.test(request.headers.get('content-type') ?? '') && (encoding === null || encoding === 'identity');
  if (isJson || whole) return asText(await handling.textOfBody());
  return { kind: 'source', open: (progress) => clientBody({ ...handling.openBody(), progress }) };
};

const asText = (text: string): RelayBody => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The provider's to refuse, in its own words.
  }
  return { kind: 'text', text, json: isObject(value) ? value : undefined };
};

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Where providers have a model's name in their paths. */
const inPath = /\/(?:models|model|deployments|publishers\/[^/]+\/models)\/([^/:]+)/;

/** The model that a request names, and how it would be named otherwise. */
export interface NamedModel {
  name: string;
  renamed(model: string): { path: string; body: RelayBody };
}

/** @returns undefined where it names none */
export const namedModel = (relay: Relay, body: RelayBody, header: string | null): NamedModel | undefined => {
  const { path } = relay;
  const json = body.kind === 'text' ? body.json : undefined;
  // Beside realtime conversations the model is the session's.
  const session = json?.['session'];
  const inSession = json?.['model'] === undefined && isObject(session) ? session : undefined;
  const member = json?.['model'] ?? inSession?.['model'];
  const segment = inPath.exec(path)?.[1];
  const inBody = typeof member === 'string' && member !== '' ? member : undefined;
  const renamed = (model: string): { path: string; body: RelayBody } => ({
    path:
      segment === undefined
        ? path
        : path.replace(inPath, (whole) => whole.slice(0, whole.length - segment.length) + encodeURIComponent(model)),
    body:
      inBody === undefined || body.kind !== 'text'
        ? body
        : {
            ...body,
            text: spliceTopLevel(
              body.text,
              inSession ? { session: JSON.stringify({ ...inSession, model }) } : { model: JSON.stringify(model) },
            ),
          },
  });
  // Where both say one, providers heed the path: who is asked, and what it costs, must not be by the other.
  const name = segment === undefined ? inBody : decoded(segment);
  if (header) return { name: header, renamed };
  return name === undefined ? undefined : { name, renamed };
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

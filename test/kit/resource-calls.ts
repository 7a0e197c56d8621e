import type {
  JsonObject,
  LazyResourceAdapter,
  Provider,
  ResourceAdapter,
  ResourceKind,
  ResourceRequest,
  ResourceResult,
  SluiceError,
} from '../../sdk/src/types/index.ts';

/** A request about things that a provider keeps. */
export const ask = (request: Partial<ResourceRequest> = {}): ResourceRequest => ({ ids: [], query: {}, body: {}, ...request });

export const bodyOf = (result: ResourceResult): JsonObject => {
  if ('read' in result) throw new Error('The answer is bytes.');
  return result.body;
};

export const textOf = async (result: ResourceResult): Promise<string> => {
  if (!('read' in result)) throw new Error('The answer has no bytes.');
  const pieces: Uint8Array[] = [];
  for (let piece = await result.read(); piece; piece = await result.read()) pieces.push(piece);
  return new TextDecoder().decode(await new Blob(pieces as BlobPart[]).arrayBuffer());
};

export const linesOf = async (result: ResourceResult): Promise<JsonObject[]> =>
  (await textOf(result))
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as JsonObject);

/** What a call fails with. */
export const failing = (promise: Promise<unknown>): Promise<SluiceError> =>
  promise.then(
    () => {
      throw new Error('It did not fail.');
    },
    (cause: unknown) => cause as SluiceError,
  );

/** A request of a batch. */
export const batchLine = (body: JsonObject, url = '/v1/chat/completions', id = '1'): string =>
  JSON.stringify({ custom_id: id, method: 'POST', url, body });

export const jsonlFile = (...lines: string[]) => ({ bytes: new Blob([lines.join('\n')]), name: 'in.jsonl', type: '' });

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What a provider does of its own for things that it keeps, loaded. */
export const adaptersOf = async <K extends ResourceKind>(
  { resources = {} }: Provider,
  ...kinds: K[]
): Promise<Record<K, ResourceAdapter>> => {
  const loaded = kinds.map(async (kind) => {
    const load = resources[kind] as LazyResourceAdapter;
    return [kind, await load()] as const;
  });
  return Object.fromEntries(await Promise.all(loaded)) as Record<K, ResourceAdapter>;
};

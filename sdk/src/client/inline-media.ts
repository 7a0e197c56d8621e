import { SluiceError, type CancelSignal, type ChatRequest, type JsonObject, type MediaSource, type Part } from '../types/index.ts';

/** A file that was fetched. */
export interface FetchedFile {
  bytes: Uint8Array;
  /** Media type, without parameters. */
  mediaType: string;
}

/** Fetches a file that a request names by its URL. @throws SluiceError where it must not, or cannot be had */
export type FetchUrl = (url: string, signal?: CancelSignal) => Promise<FetchedFile>;

/** How files are fetched. */
export interface Fetching {
  fetchUrl: FetchUrl;
  signal?: CancelSignal | undefined;
  /** What cannot be had stays a URL, which the request to the provider is written without (`drop_params`). */
  mayMiss?: boolean;
}

/** The kinds of parts that hold media. */
export type MediaKind = 'image' | 'audio' | 'video' | 'file';

/** More files than any provider takes in one request. */
const maxFiles = 50;
/** Of all files of one request, as base64: what goes into one body. */
const maxTotalBytes = 64 * 1024 * 1024;
const atOnce = 4;

const isRemote = (url: string): boolean => /^https?:\/\//i.test(url);

/** Puts the bytes in the place of URLs. Each URL is fetched once. */
class Files {
  readonly #fetchUrl: FetchUrl;
  readonly #signal: CancelSignal | undefined;
  readonly #mayMiss: boolean;
  readonly #base64 = new Map<string, { data: string; mediaType: string } | undefined>();

  constructor({ fetchUrl, signal, mayMiss = false }: Fetching) {
    this.#fetchUrl = fetchUrl;
    this.#signal = signal;
    this.#mayMiss = mayMiss;
  }

  want(url: string): void {
    this.#base64.set(url, undefined);
  }

  /** @throws the error itself, where nothing may be missing or nobody waits any more */
  #missed(error: unknown): undefined {
    if (!this.#mayMiss || this.#signal?.aborted) throw error;
    return undefined;
  }

  get wanted(): number {
    return this.#base64.size;
  }

  get(url: string): { data: string; mediaType: string } | undefined {
    return this.#base64.get(url);
  }

  async fetchAll(): Promise<void> {
    if (this.wanted > maxFiles) throw tooMany(`more than ${maxFiles} files`);
    const urls = [...this.#base64.keys()];
    let total = 0;
    const work = async () => {
      for (let url = urls.shift(); url !== undefined; url = urls.shift()) {
        const file = await this.#fetchUrl(url, this.#signal).catch((error: unknown) => this.#missed(error));
        if (!file) continue;
        const { bytes, mediaType } = file;
        total += bytes.length;
        if (total > maxTotalBytes) throw tooMany(`files of more than ${maxTotalBytes} bytes together`);
        this.#base64.set(url, { data: base64Of(bytes), mediaType });
      }
    };
    try {
      await Promise.all(Array.from({ length: atOnce }, work));
    } finally {
      // One that failed is enough: the others begin nothing more.
      urls.length = 0;
    }
  }
}

const tooMany = (what: string): SluiceError =>
  new SluiceError('invalid_request', `The request names ${what} by URL, and this provider takes files only inside of the request.`, {
    retry: false,
  });

const base64Of = (bytes: Uint8Array): string => {
  const pieces: string[] = [];
  // A multiple of three, so that the pieces join; small, because a long argument list overflows the stack.
  for (let at = 0; at < bytes.length; at += 12_288) pieces.push(btoa(String.fromCharCode(...bytes.subarray(at, at + 12_288))));
  return pieces.join('');
};

/**
 * The request with the bytes of files that it names by URL, for a provider that fetches none itself.
 * @param kinds of parts that the provider wants so
 */
export const inlineMedia = async (request: ChatRequest, kinds: readonly MediaKind[], fetching: Fetching): Promise<ChatRequest> => {
  const files = new Files(fetching);
  const remote = (part: Part): (MediaSource & { kind: 'url' }) | undefined => {
    if (!('source' in part) || !part.source || part.source.kind !== 'url') return undefined;
    return (kinds as readonly string[]).includes(part.type) && isRemote(part.source.url) ? part.source : undefined;
  };
  const look = (part: Part): void => {
    const source = remote(part);
    if (source) files.want(source.url);
    if (part.type === 'tool-result') part.content.forEach(look);
  };
  for (const { content } of request.messages) content.forEach(look);
  if (files.wanted === 0) return request;
  await files.fetchAll();

  const filled = (part: Part): Part => {
    if (part.type === 'tool-result') return { ...part, content: part.content.map((each) => filled(each) as typeof each) };
    const source = remote(part);
    const file = source && files.get(source.url);
    return file ? ({ ...part, source: { kind: 'base64', ...file } } as Part) : part;
  };
  return { ...request, messages: request.messages.map((message) => ({ ...message, content: message.content.map(filled) })) };
};

/**
 * The same for a body of Anthropic's format (`source: { type: 'url' }`) that goes on as it is.
 * @returns the body itself where it names nothing by URL
 */
export const inlineSources = async (body: JsonObject, fetching: Fetching): Promise<JsonObject> => {
  const files = new Files(fetching);
  const urlOf = (value: JsonObject): string | undefined =>
    value['type'] === 'url' && typeof value['url'] === 'string' && isRemote(value['url']) ? value['url'] : undefined;
  const walk = (value: unknown, key: string | undefined): unknown => {
    if (Array.isArray(value)) return value.map((each) => walk(each, undefined));
    if (typeof value !== 'object' || value === null) return value;
    const url = key === 'source' ? urlOf(value as JsonObject) : undefined;
    if (url !== undefined) {
      const file = files.get(url);
      if (!file) files.want(url);
      return file ? { type: 'base64', media_type: file.mediaType, data: file.data } : value;
    }
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, walk(each, name)]));
  };
  walk(body['messages'], undefined);
  if (files.wanted === 0) return body;
  await files.fetchAll();
  return { ...body, messages: walk(body['messages'], undefined) };
};

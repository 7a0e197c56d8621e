import type { Provider } from '../../types/index.ts';

/** A white image of one pixel (PNG). */
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAG7buVgAAAABJRU5ErkJggg==';

/** A tenth of a second of silence: 8-bit WAV of one channel at 8 kHz. */
const silence = (): Uint8Array => {
  const samples = 800;
  const bytes = new Uint8Array(44 + samples).fill(128, 44);
  const view = new DataView(bytes.buffer);
  const mark = (at: number, text: string): void => void bytes.set(new TextEncoder().encode(text), at);
  mark(0, 'RIFF');
  view.setUint32(4, 36 + samples, true);
  mark(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, 8000, true);
  view.setUint32(28, 8000, true);
  view.setUint16(32, 1, true);
  view.setUint16(34, 8, true);
  mark(36, 'data');
  view.setUint32(40, samples, true);
  return bytes;
};

const once = (contentType: string, bytes: Uint8Array) => {
  let left: Uint8Array | undefined = bytes;
  return {
    contentType,
    read: async () => {
      const all = left;
      left = undefined;
      return all;
    },
    cancel: () => void (left = undefined),
  };
};

/** What a client of the mock may have said that it would answer. */
const said = (options: Readonly<Record<string, unknown>> | undefined, otherwise: string): string => {
  const response = options?.['mock_response'];
  return typeof response === 'string' ? response : otherwise;
};

const categories = ['harassment', 'hate', 'illicit', 'self-harm', 'sexual', 'violence'];

/** Answers of the mock to all that is not chat: the smallest that clients take for whole. */
export const operations: NonNullable<Provider['operations']> = {
  'image-generation': async ({ n = 1 }) => ({
    body: { data: Array.from({ length: n }, () => ({ b64_json: pixel })) },
    usage: imageUsage(n),
  }),
  'image-edit': async ({ n = 1 }) => ({ body: { data: Array.from({ length: n }, () => ({ b64_json: pixel })) }, usage: imageUsage(n) }),
  'image-variation': async ({ n = 1 }) => ({
    body: { data: Array.from({ length: n }, () => ({ b64_json: pixel })) },
    usage: imageUsage(n),
  }),
  transcription: async ({ file }, { target }) => ({
    text: said(target.options, `A recording of ${file.bytes.size} bytes.`),
    language: 'en',
    durationSeconds: 1,
  }),
  translation: async ({ file }, { target }) => ({
    text: said(target.options, `A recording of ${file.bytes.size} bytes.`),
    language: 'en',
    durationSeconds: 1,
  }),
  speech: async ({ input }) => ({
    ...once('audio/wav', silence()),
    usage: () => ({ inputTokens: 0, outputTokens: 0, units: { inputCharacters: [...input].length } }),
  }),
  moderation: async ({ input }) => ({
    body: {
      id: 'modr-mock',
      results: (Array.isArray(input) ? (input as unknown[]) : [input]).map(() => ({
        flagged: false,
        categories: Object.fromEntries(categories.map((name) => [name, false])),
        category_scores: Object.fromEntries(categories.map((name) => [name, 0])),
      })),
    },
  }),
  ocr: async (_, { target }) => ({
    body: {
      pages: [{ index: 0, markdown: said(target.options, '# A page'), images: [], dimensions: null }],
      usage_info: { pages_processed: 1 },
    },
    usage: { inputTokens: 0, outputTokens: 0, units: { pages: 1 } },
  }),
  search: async ({ query, max_results: most = 10 }) => ({
    results: Array.from({ length: Math.min(most, 2) }, (_, at) => ({
      title: `Result ${at + 1}`,
      url: `https://example.com/${at + 1}`,
      snippet: `About ${Array.isArray(query) ? query.join(', ') : query}`,
    })),
    usage: { inputTokens: 0, outputTokens: 0, units: { queries: Array.isArray(query) ? query.length : 1 } },
  }),
  'video-create': async ({ seconds = '4' }) => ({
    body: { id: 'video_mock', status: 'completed', seconds },
    usage: { inputTokens: 0, outputTokens: 0, units: { outputSeconds: Number(seconds) } },
  }),
  'video-retrieve': async ({ id }) => ({ body: { id, status: 'completed' } }),
  'video-content': async () => once('video/mp4', new TextEncoder().encode('mock video')),
  'video-remix': async ({ id }) => ({ body: { id: `${id}_remix`, status: 'queued', remixed_from_video_id: id } }),
  'video-delete': async ({ id }) => ({ body: { id, object: 'video.deleted', deleted: true } }),
};

const imageUsage = (images: number) => ({ inputTokens: 0, outputTokens: 0, units: { images } });

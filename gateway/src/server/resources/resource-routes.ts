import type { ResourceKind } from 'sluice/kit';

/** What a request does with things that a provider keeps. */
export interface ResourceMatch {
  kind: ResourceKind;
  /** The path below the collection's own, with `{}` for each id. */
  rest: string;
  /** As the client gave them, decoded. */
  ids: readonly string[];
}

interface Collection {
  kind: ResourceKind;
  /** Its path in OpenAI's API. */
  path: string;
  /** What may be asked of it: methods by the rest of the path. */
  calls: Readonly<Record<string, readonly string[]>>;
}

const get = ['GET'] as const;
const post = ['POST'] as const;
const collection = ['GET', 'POST'] as const;
const one = ['GET', 'DELETE'] as const;
const object = ['GET', 'POST', 'DELETE'] as const;

/** https://ai.google.dev/api/interactions-api, read 2026-11-22. */
const interactions = { '': post, '/{}': one, '/{}/cancel': post } as const;

/** OpenAI's API (openai/openai-openapi, read 2026-11-22), and what others keep in words of their own. */
const collections: readonly Collection[] = [
  { kind: 'files', path: '/files', calls: { '': collection, '/{}': one, '/{}/content': get } },
  { kind: 'uploads', path: '/uploads', calls: { '': post, '/{}/parts': post, '/{}/complete': post, '/{}/cancel': post } },
  { kind: 'batches', path: '/batches', calls: { '': collection, '/{}': get, '/{}/cancel': post } },
  {
    kind: 'fine_tuning',
    path: '/fine_tuning/jobs',
    calls: {
      '': collection,
      '/{}': get,
      '/{}/cancel': post,
      '/{}/pause': post,
      '/{}/resume': post,
      '/{}/events': get,
      '/{}/checkpoints': get,
    },
  },
  {
    kind: 'vector_stores',
    path: '/vector_stores',
    calls: {
      '': collection,
      '/{}': object,
      '/{}/search': post,
      '/{}/files': collection,
      '/{}/files/{}': object,
      '/{}/files/{}/content': get,
      '/{}/file_batches': post,
      '/{}/file_batches/{}': get,
      '/{}/file_batches/{}/cancel': post,
      '/{}/file_batches/{}/files': get,
    },
  },
  { kind: 'responses', path: '/responses', calls: { '/{}': one, '/{}/cancel': post, '/{}/input_items': get, '/compact': post } },
  { kind: 'conversations', path: '/conversations', calls: { '': post, '/{}': object, '/{}/items': collection, '/{}/items/{}': one } },
  {
    kind: 'containers',
    path: '/containers',
    calls: { '': collection, '/{}': one, '/{}/files': collection, '/{}/files/{}': one, '/{}/files/{}/content': get },
  },
  {
    kind: 'evals',
    path: '/evals',
    calls: {
      '': collection,
      '/{}': object,
      '/{}/runs': collection,
      '/{}/runs/{}': object,
      '/{}/runs/{}/output_items': get,
      '/{}/runs/{}/output_items/{}': get,
    },
  },
  { kind: 'assistants', path: '/assistants', calls: { '': collection, '/{}': object } },
  {
    kind: 'threads',
    path: '/threads',
    calls: {
      '': post,
      '/runs': post,
      '/{}': object,
      '/{}/messages': collection,
      '/{}/messages/{}': object,
      '/{}/runs': collection,
      '/{}/runs/{}': ['GET', 'POST'],
      '/{}/runs/{}/cancel': post,
      '/{}/runs/{}/submit_tool_outputs': post,
      '/{}/runs/{}/steps': get,
      '/{}/runs/{}/steps/{}': get,
    },
  },
  {
    kind: 'videos',
    path: '/videos',
    calls: { '': collection, '/edits': post, '/extensions': post, '/characters': post, '/characters/{}': get },
  },
  {
    kind: 'skills',
    path: '/skills',
    calls: { '': collection, '/{}': one, '/{}/versions': collection, '/{}/versions/{}': one },
  },
  { kind: 'interactions', path: '/interactions', calls: interactions },
  { kind: 'interactions', path: '/v1beta/interactions', calls: interactions },
  {
    kind: 'message_batches',
    path: '/messages/batches',
    calls: { '': collection, '/{}': one, '/{}/cancel': post, '/{}/results': get },
  },
];

interface Known {
  kind: ResourceKind;
  /** Each of its paths, longest first, as a pattern. */
  calls: readonly { rest: string; pattern: RegExp; methods: readonly string[] }[];
}

const literal = (text: string): string => text.replaceAll('{}', '([^/]+)');

const known: ReadonlyMap<string, Known> = new Map(
  collections.map(({ kind, path, calls }) => [
    path,
    // A word of the API goes before an id that looks the same.
    {
      kind,
      calls: Object.entries(calls)
        .sort(([a], [b]) => Number(a.includes('{}')) - Number(b.includes('{}')))
        .map(([rest, methods]) => ({ rest, pattern: new RegExp(`^${literal(rest)}$`), methods })),
    },
  ]),
);

const roots = [...known.keys()].sort((a, b) => b.length - a.length);

/** Where vendors' own clients have the same API (`/openai/v1/files`), and LiteLLM's users have a provider in front (`/azure/v1/files`). */
const start =
  /^(?:\/(openai|azure|anthropic|hosted_vllm|vllm|mistral|groq|xai|vertex_ai|bedrock|gemini|litellm_proxy))?(?:\/openai)?(?:\/v1)?(?=\/)/;

/** Providers whose path needs saying no more, as clients of the formats themselves have it. */
const unsaid: ReadonlySet<string> = new Set(['openai', 'anthropic']);

/** What a path asks for. Undefined: it is about nothing that is kept. */
export const matchResource = (path: string): (ResourceMatch & { methods: readonly string[]; provider?: string }) | undefined => {
  const prefix = start.exec(path);
  if (!prefix) return undefined;
  const own = path.slice(prefix[0].length);
  const root = roots.find((each) => own === each || own.startsWith(`${each}/`));
  if (root === undefined) return undefined;
  const { kind, calls } = known.get(root)!;
  const below = own.slice(root.length);
  for (const { rest, pattern, methods } of calls) {
    const found = pattern.exec(below);
    if (!found) continue;
    const provider = prefix[1];
    // Under a vendor's own name its own API goes on as it is.
    if (kind === 'interactions' && provider !== undefined) return undefined;
    const ids = found.slice(1).map(decode);
    return { kind, rest, ids, methods, ...(provider !== undefined && !unsaid.has(provider) && { provider }) };
  }
  return undefined;
};

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/*
 * How the models of Vertex AI are spoken to, read from their names as LiteLLM's users write them. Sources, read
 * 2026-11-22: docs.cloud.google.com/vertex-ai/generative-ai/docs (partner models, self-deployed models, tuned models),
 * the model table and routes of the Python package litellm 1.109.1.
 */

/**
 * `gemini`: Google's own, also tuned ones; `claude`; `openapi`: open models at the one OpenAI-compatible address;
 * `raw`: Mistral's and AI21's, each at its own address; `deployed`: an endpoint of the user's own that speaks OpenAI's
 * format (Model Garden, vLLM); `gemma` and `bge`: one that takes predictions; `ranker`: Google's ranking API.
 */
export type Family = 'gemini' | 'claude' | 'openapi' | 'mistral' | 'ai21' | 'deployed' | 'gemma' | 'bge' | 'ranker';

export interface VertexModel {
  family: Family;
  /** As the address or the body names it. */
  model: string;
  /** Where the name itself says that it is. */
  options?: { vertex_project: string; vertex_location: string };
}

const rules: readonly { pattern: RegExp; family: Family }[] = [
  { pattern: /^(?:anthropic\/)?(claude.*)$/, family: 'claude' },
  { pattern: /^(?:mistralai\/)?((?:mistral|codestral|ministral|magistral|devstral|pixtral).*)$/, family: 'mistral' },
  { pattern: /^(?:ai21\/)?(jamba.*)$/, family: 'ai21' },
  { pattern: /^gemma\/([^/]+)$/, family: 'gemma' },
  { pattern: /^bge\/([^/]+)$/, family: 'bge' },
  { pattern: /^(semantic-ranker-.*)$/, family: 'ranker' },
  { pattern: /^openai\/((?!gpt-oss)[^/]+)$/, family: 'deployed' },
  { pattern: /^(?:google|gemini)\/((?!gemma)[^/]+)$/, family: 'gemini' },
  { pattern: /^([^/]+\/.+)$/, family: 'openapi' },
];

/** `publishers/google/models/x` and `models/x` are how Google writes them. */
const plain = (name: string): string => name.replace(/^publishers\/([^/]+)\/models\//, '$1/').replace(/^(?:google\/)?models\//, '');

/** The whole name of a resource; of an endpoint the number is left, of a publisher's model `publisher/model`. */
const resource = /^projects\/([^/]+)\/locations\/([^/]+)\/(?:endpoints\/)?(.+)$/;

export const vertexModel = (name: string): VertexModel => {
  const [, project, location, rest] = resource.exec(name) ?? [];
  if (project === undefined || location === undefined || rest === undefined) return familyOf(plain(name));
  return { ...familyOf(plain(rest)), options: { vertex_project: project, vertex_location: location } };
};

/** Open models as a service end in `-maas`; people leave out whose they are. */
const publishers: readonly (readonly [RegExp, string])[] = [
  [/^llama-/, 'meta'],
  [/^gpt-oss-/, 'openai'],
  [/^deepseek-/, 'deepseek-ai'],
  [/^qwen/, 'qwen'],
  [/^kimi-/, 'moonshotai'],
  [/^glm-/, 'zai-org'],
  [/^minimax-/, 'minimaxai'],
  [/^gemma-/, 'google'],
];

const published = (name: string): string => {
  if (!/^[^/]+-maas$/.test(name)) return name;
  const publisher = publishers.find(([pattern]) => pattern.test(name))?.[1];
  return publisher === undefined ? name : `${publisher}/${name}`;
};

const familyOf = (name: string): VertexModel => {
  const given = published(name);
  for (const { pattern, family } of rules) {
    const found = pattern.exec(given);
    if (found) return { family, model: found[1]! };
  }
  return { family: 'gemini', model: given };
};

/** A tuned Gemini is an endpoint, named by a number. */
export const isEndpoint = (model: string): boolean => /^\d+$/.test(model);

/**
 * Where models are served that are not in us-central1, where no location is given (the models' pages of
 * docs.cloud.google.com/vertex-ai/generative-ai/docs and the model table of the Python package litellm 1.109.1). In
 * order: the first that matches.
 */
const locations: readonly (readonly [RegExp, string])[] = [
  [/^(?:gemini-(?:[3-9]|\d\d)|(?:zai-org|qwen|moonshotai|minimaxai)\/|deepseek-ai\/deepseek-v(?:3\.2|[4-9])|google\/gemma-)/, 'global'],
  [/^deepseek-ai\/deepseek-v3\.1/, 'us-west2'],
  [/^meta\/llama-4/, 'us-east5'],
];

export const defaultLocation = (model: string): string => locations.find(([pattern]) => pattern.test(model))?.[1] ?? 'us-central1';

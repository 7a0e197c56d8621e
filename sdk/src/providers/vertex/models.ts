/*
 * How the models of Vertex AI are spoken to, read from their names as LiteLLM's users write them. Sources, read
 * 2026-11-22: docs.cloud.google.com/vertex-ai/generative-ai/docs (partner models, self-deployed models, tuned models),
 * the model table and routes of the Python package litellm 1.109.1.
 */

/**
 * `gemini`: Google's own, also tuned ones; `claude`; `openapi`: open models at the one OpenAI-compatible address;
 * `raw`: Mistral's and AI21's, each at its own address; `deployed`: an endpoint of the user's own that speaks OpenAI's
 * format (Model Garden, vLLM).
 */
export type Family = 'gemini' | 'claude' | 'openapi' | 'mistral' | 'ai21' | 'deployed';

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

const familyOf = (given: string): VertexModel => {
  for (const { pattern, family } of rules) {
    const found = pattern.exec(given);
    if (found) return { family, model: found[1]! };
  }
  return { family: 'gemini', model: given };
};

/** A tuned Gemini is an endpoint, named by a number. */
export const isEndpoint = (model: string): boolean => /^\d+$/.test(model);

/** Models that are served nowhere but at the global address, where no location is given. */
const globalOnly = /^(?:gemini-(?:[3-9]|\d\d)|zai-org\/|qwen\/|deepseek-ai\/deepseek-v(?:3\.2|[4-9])|google\/gemma-)/;

export const defaultLocation = (model: string): string => (globalOnly.test(model) ? 'global' : 'us-central1');

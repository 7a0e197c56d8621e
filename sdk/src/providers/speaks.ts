import type { Provider, Speaks, Takes } from '../types/index.ts';

/** OpenAI's own paths, which everybody who is compatible has taken over. */
const openaiEndpoints = {
  chat: { protocol: 'openai-chat', path: '/chat/completions' },
  completions: { protocol: 'openai-completions', path: '/completions' },
  responses: { protocol: 'openai-responses', path: '/responses' },
  embeddings: { protocol: 'openai-embeddings', path: '/embeddings' },
} as const satisfies Provider['speaks'];

/** The endpoints of a provider that speaks OpenAI's formats at OpenAI's paths. */
export const openaiFormats = (...endpoints: (keyof typeof openaiEndpoints)[]): Provider['speaks'] =>
  Object.fromEntries(endpoints.map((endpoint) => [endpoint, openaiEndpoints[endpoint]]));

/** The Responses endpoint of a vendor that calls it a beta: used only where it is asked for. */
export const betaResponses: { responses: Speaks } = { responses: { ...openaiEndpoints.responses, optIn: true } };

/** The Responses endpoint of a vendor that is known not to take all of it. */
export const responsesTaking = (takes: Takes): { responses: Speaks } => ({ responses: { ...openaiEndpoints.responses, takes } });

import {
  anthropicMessages,
  bedrockConverse,
  cohereChat,
  gemini,
  ollamaChat,
  openaiChat,
  type ChatProtocol,
  type JsonObject,
} from 'sluice/kit';
import { routeRules, type Family, type RouteName } from './routes.ts';

/** How a client is told of its call beside the answer itself, above all where that failed. */
export interface Face {
  errors: Pick<ChatProtocol['errors'], 'toWire'>;
  /** What a vendor's SDK reads from the headers of an error, given its body. */
  errorHeaders?(body: JsonObject): Record<string, string>;
  /** Where a vendor's SDK looks for the id that its support would ask for. */
  requestIdHeader?: string;
}

/** AWS's SDKs know an error by this header before they look at its body. */
const bedrock: Face = {
  errors: bedrockConverse.errors,
  errorHeaders: ({ __type: type }): Record<string, string> => (typeof type === 'string' ? { 'x-amzn-errortype': type } : {}),
  requestIdHeader: 'x-amzn-requestid',
};

const families: Readonly<Record<Family, Face>> = {
  openai: openaiChat,
  anthropic: anthropicMessages,
  gemini,
  ollama: ollamaChat,
  cohere: cohereChat,
  bedrock,
};

/** Where there is no route, the path still tells who is likely to ask. */
const beginnings: readonly (readonly [string, Family])[] = [
  ['/v1/messages', 'anthropic'],
  ['/anthropic/', 'anthropic'],
  ['/v1beta', 'gemini'],
  ['/gemini/', 'gemini'],
  ['/vertex_ai/', 'gemini'],
  ['/api/', 'ollama'],
  ['/ollama/', 'ollama'],
  ['/v2/', 'cohere'],
  ['/cohere/', 'cohere'],
  ['/model/', 'bedrock'],
  ['/bedrock/', 'bedrock'],
];

/** The face of a route; OpenAI's where nobody else is known to ask. */
export const faceOf = (route: RouteName | undefined, path: string): Face => {
  const family = route === undefined ? beginnings.find(([start]) => path.startsWith(start))?.[1] : routeRules[route].family;
  return families[family ?? 'openai'];
};

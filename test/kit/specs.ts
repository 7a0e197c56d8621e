import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { outside } from './recordings.ts';
import { SchemaDocument, type SchemaIssue } from './schema.ts';
import { asOpenApi, type Service } from './smithy.ts';

/*
 * The vendors' own descriptions of their APIs, which say what a request may look like. Like the recordings they lie
 * outside the project (`SLUICE_SPECS`, or `../shared/specs`).
 */

/** Where the request of each API is described. */
const operations = {
  openai: { file: 'openai.json', path: '/chat/completions' },
  'openai-responses': { file: 'openai.json', path: '/responses' },
  anthropic: { file: 'anthropic.beta.json', path: '/v1/messages' },
  bedrock: { file: 'bedrock-runtime.service-2.json', path: '/model/{modelId}/converse' },
  cohere: { file: 'cohere.json', path: '/v2/chat' },
  gemini: { file: 'gemini.json', path: '/v1beta/models/{model}:generateContent' },
  mistral: { file: 'mistral.json', path: '/v1/chat/completions' },
  ollama: { file: 'ollama.json', path: '/api/chat' },
  openrouter: { file: 'openrouter.json', path: '/chat/completions' },
} as const;

export type Spec = keyof typeof operations;
export const specNames = Object.keys(operations) as Spec[];

const folder = (): string => outside('SLUICE_SPECS', 'specs');

/** Why requests cannot be checked, or undefined if they can. */
export const specsMissing = (): string | undefined => {
  const absent = specNames.filter((name) => !existsSync(join(folder(), operations[name].file)));
  return absent.length > 0 ? `no specifications of ${absent.join(', ')} in ${folder()} (set SLUICE_SPECS to their folder)` : undefined;
};

const documents = new Map<string, SchemaDocument>();

const documentOf = (file: string): SchemaDocument => {
  let document = documents.get(file);
  if (!document) {
    const parsed: unknown = JSON.parse(readFileSync(join(folder(), file), 'utf8'));
    document = new SchemaDocument(file.includes('.service-') ? asOpenApi(parsed as Service) : parsed);
    documents.set(file, document);
  }
  return document;
};

/** What the vendor's description has against a request body. */
export const requestIssues = (spec: Spec, body: unknown): SchemaIssue[] => {
  const { file, path } = operations[spec];
  const document = documentOf(file);
  return document.check(body, document.requestSchema(path));
};

/** What Google's description has against an answer in its format. Those of the other vendors do not fit their own answers. */
export const geminiAnswerIssues = (body: unknown): SchemaIssue[] => {
  const document = documentOf(operations.gemini.file);
  return document.check(body, document.named('GenerateContentResponse'));
};

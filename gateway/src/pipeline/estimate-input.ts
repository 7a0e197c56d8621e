import { estimateTokens, isObject, type JsonObject } from 'sluice/kit';

/** A picture, or another thing that is not text, at the price of a large picture. */
export const mediaTokens = 1500;

/** What is said in these is text of the prompt, in any format. */
const prompts = ['messages', 'contents', 'input', 'prompt', 'system', 'systemInstruction', 'system_instruction', 'instructions', 'query'];
/** Here names count as well: schemas are made of them. */
const declarations = ['tools', 'functions', 'toolConfig', 'documents', 'texts', 'requests', 'instances', 'inputs'];

/** Where bytes stand, as base64, and what only its maker can read. */
const opaque: ReadonlySet<string> = new Set(
  (
    'data bytes file_data fileData images image_url audio url uri fileUri file_uri ' +
    'encrypted_content signature thoughtSignature thought_signature redactedContent'
  ).split(' '),
);

/** What formats put around each message: less than the braces that are around it in the request. */
const perMessage = 3;

/**
 * About how many tokens a request's prompt is: its texts by length, its media at a rate each, so that a picture's base64
 * does not count as text. Linear in the length of the body.
 * @param media how many parts of it are not text
 */
export const estimateInput = (body: JsonObject, media: number): number => {
  let tokens = media * mediaTokens;
  for (const name of prompts) {
    const value = body[name];
    if (value !== undefined) tokens += ofValue(value, false, 0);
    if (Array.isArray(value)) tokens += value.filter(isObject).length * perMessage;
  }
  for (const name of declarations) if (body[name] !== undefined) tokens += ofValue(body[name], true, 0);
  return Math.ceil(tokens);
};

/** Deeper is nothing that a prompt says. */
const maxDepth = 64;

const ofValue = (value: unknown, names: boolean, depth: number): number => {
  if (typeof value === 'string') return isDataUrl(value) ? 0 : estimateTokens(value);
  if (typeof value !== 'object' || value === null || depth > maxDepth) return typeof value === 'number' ? 1 : 0;
  let tokens = 0;
  if (Array.isArray(value)) {
    // Token ids: a number is a token.
    for (const each of value) tokens += ofValue(each, names, depth + 1);
    return tokens;
  }
  for (const [name, each] of Object.entries(value)) {
    if (opaque.has(name) && (typeof each !== 'object' || name === 'images' || name === 'audio')) continue;
    if (names) tokens += name.length / 4;
    tokens += ofValue(each, names, depth + 1);
  }
  return tokens;
};

const isDataUrl = (text: string): boolean => text.startsWith('data:') && text.slice(0, 200).includes(';base64,');

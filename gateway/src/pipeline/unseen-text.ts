import { estimateTokens, isObject, type JsonObject } from 'sluice/kit';

/** What an estimate of a prompt counts already (`estimateInput`): prompts, and things beside them in which names count as well. */
const prompts: ReadonlySet<string> = new Set(
  'messages contents input prompt system systemInstruction system_instruction instructions query'.split(' '),
);
const declarations: ReadonlySet<string> = new Set('tools functions toolConfig documents texts requests instances inputs'.split(' '));

/** Where formats have bytes or addresses, so that an estimate passes them over. */
const opaque: ReadonlySet<string> = new Set(
  (
    'data bytes file_data fileData images image_url audio url uri fileUri file_uri ' +
    'encrypted_content signature thoughtSignature thought_signature redactedContent'
  ).split(' '),
);
/** Here names are the client's own, and mean nothing: what a tool is called with, and what it says. */
const free: ReadonlySet<string> = new Set(['input', 'args', 'arguments', 'response', 'json', 'parameters', 'inputSchema', 'input_schema']);
/** What is said here is read as it stands, whatever it looks like. */
const spoken: ReadonlySet<string> = new Set([
  'text',
  'content',
  'thinking',
  'output',
  'prompt',
  'system',
  'instructions',
  'query',
  'arguments',
]);

/** For the books, the sampler or the cache: no model reads it. */
const unread: ReadonlySet<string> = new Set(['metadata', 'litellm_metadata', 'logit_bias', 'labels']);

/** Deeper is nothing that a prompt says. */
const maxDepth = 64;
/** So few tokens are settings. */
const usualSettings = 64;
/** Four characters of base64 are three of what they stand for. */
const base64Share = 3 / 4;

/**
 * About how many tokens a request has that its estimate does not see: members that it does not know (schemas of an answer,
 * predictions, templates), texts in places where there are bytes elsewhere (a document's `data`, a tool's argument that is
 * called `url`), and texts that only begin like a file (`data:…`). A budget must not be passed by where a text stands.
 */
export const unseenTokens = (body: JsonObject): number => {
  let tokens = 0;
  let others = 0;
  for (const name in body) {
    const value = body[name];
    if (prompts.has(name)) tokens += passedOver(value, name, false, 0);
    else if (declarations.has(name)) tokens += passedOver(value, name, true, 0);
    else if (!unread.has(name) && (isObject(value) || !opaque.has(name))) others += ofAll(value, 0);
  }
  return Math.ceil(tokens + (others > usualSettings ? others : 0));
};

/** What an estimate leaves out of what it looks at. @param declares names count there already */
const passedOver = (value: unknown, name: string, declares: boolean, depth: number): number => {
  if (typeof value === 'string')
    return value.startsWith('data:') && isPassedOver(value) && (spoken.has(name) || !isFile(value)) ? estimateTokens(value) : 0;
  if (typeof value !== 'object' || value === null || depth > maxDepth) return 0;
  let tokens = 0;
  if (Array.isArray(value)) {
    for (const each of value) tokens += passedOver(each, depth === 0 ? '' : name, declares, depth + 1);
    return tokens;
  }
  const object = value as JsonObject;
  for (const member in object) {
    const each = object[member];
    if (free.has(member) && isObject(each)) tokens += ofArguments(each, declares, 0);
    else if (!opaque.has(member)) tokens += passedOver(each, member, declares, depth + 1);
    else if (typeof each === 'string') tokens += declares ? estimateTokens(each) : textIn(each, object);
    else if (member !== 'images' && member !== 'audio') tokens += passedOver(each, member, declares, depth + 1);
  }
  return tokens;
};

/** What stands in a place of bytes, and is text. @param beside the object that it is in */
const textIn = (value: string, beside: JsonObject): number => {
  const { type, media_type: media, mimeType = media, mime_type: mime = mimeType } = beside;
  if (type === 'text') return estimateTokens(value);
  const said = value.startsWith('data:') ? value.slice(5, 100) : mime;
  return typeof said === 'string' && isTextual.test(said) ? Math.ceil((value.length * base64Share) / 4) : 0;
};

const isTextual = /^(?:text\/|application\/(?:[\w.+-]*(?:json|xml|yaml|javascript|x-python)))/i;

/** What is left out of free-form arguments: names, and texts that have the names of bytes. */
const ofArguments = (value: unknown, declares: boolean, depth: number): number => {
  if (typeof value === 'string') return value.startsWith('data:') && isPassedOver(value) ? estimateTokens(value) : 0;
  if (typeof value !== 'object' || value === null || depth > maxDepth) return 0;
  let tokens = 0;
  if (Array.isArray(value)) {
    for (const each of value) tokens += ofArguments(each, declares, depth + 1);
    return tokens;
  }
  for (const [name, each] of Object.entries(value as JsonObject)) {
    if (!declares) tokens += name.length / 4;
    if (!opaque.has(name)) tokens += ofArguments(each, declares, depth + 1);
    else if (typeof each !== 'object' || name === 'images' || name === 'audio') tokens += ofAll(each, depth + 1);
    else tokens += ofArguments(each, declares, depth + 1);
  }
  return tokens;
};

const ofAll = (value: unknown, depth: number): number => {
  if (typeof value === 'string') return isFile(value) ? 0 : estimateTokens(value);
  if (typeof value !== 'object' || value === null || depth > maxDepth) return 0;
  let tokens = 0;
  if (Array.isArray(value)) for (const each of value) tokens += ofAll(each, depth + 1);
  else for (const [name, each] of Object.entries(value as JsonObject)) tokens += name.length / 4 + ofAll(each, depth + 1);
  return tokens;
};

/** As the estimate does it. */
const isPassedOver = (text: string): boolean => text.slice(0, 200).includes(';base64,');

/** It is one from beginning to end. */
const isFile = (text: string): boolean =>
  /^data:(?:image|audio|video|application)\/[\w.+-]+(?:;[\w=.-]+)*;base64,[A-Za-z0-9+/]*={0,2}$/.test(text);

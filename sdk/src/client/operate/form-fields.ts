import { isObject } from '../../protocols/shared/read.ts';
import { SluiceError, type FormField, type JsonObject, type MediaFile, type Operation } from '../../types/index.ts';

/*
 * Requests as forms and back, as OpenAI's SDKs write them: lists as `name[]`, members of objects as `name[member]`
 * (openai-node and openai-python, read 2026-11-22).
 */

const isMediaFile = (value: unknown): value is MediaFile =>
  isObject(value) && value['bytes'] instanceof Blob && typeof value['name'] === 'string';

/** A request's members as the fields of a form. What is not given is left out. */
export const toFields = (members: Readonly<JsonObject>): FormField[] =>
  Object.entries(members).flatMap(([name, value]) => fieldsOf(name, value));

const fieldsOf = (name: string, value: unknown): FormField[] => {
  if (value === undefined || value === null) return [];
  if (isMediaFile(value)) return [[name, value]];
  if (Array.isArray(value)) {
    // One file is no list: vendors that take one only know the bare name.
    if (value.length === 1 && isMediaFile(value[0])) return [[name, value[0]]];
    return value.flatMap((each) => fieldsOf(`${name}[]`, each));
  }
  if (typeof value === 'object') return Object.entries(value).flatMap(([member, each]) => fieldsOf(`${name}[${member}]`, each));
  return [[name, String(value)]];
};

const numbers: ReadonlySet<string> = new Set(['n', 'temperature', 'output_compression', 'partial_images', 'speed', 'seed']);
const booleans: ReadonlySet<string> = new Set(['stream', 'diarize', 'tag_audio_events']);
/** Members that are lists even where one was sent. */
const lists: ReadonlySet<string> = new Set(['timestamp_granularities', 'include', 'known_speaker_names', 'known_speaker_references']);

/** Which members hold files, by the operation: those that may be several are lists. */
const files: { readonly [K in Operation]?: Readonly<Record<string, 'one' | 'list'>> } = {
  'image-edit': { image: 'list', mask: 'one' },
  'image-variation': { image: 'one' },
  transcription: { file: 'one' },
  translation: { file: 'one' },
  'video-create': { input_reference: 'one' },
};

/**
 * A form's fields as a request's members.
 * @throws SluiceError `invalid_request` for a number that is none, a file that is missing or a text where a file is wanted
 */
export const fromFields = (fields: readonly FormField[], operation: Operation): JsonObject => {
  const members: JsonObject = {};
  for (const [field, value] of fields) place(members, field, typeof value === 'string' ? read(field, value) : value);
  for (const [name, kind] of Object.entries(files[operation] ?? {})) {
    const given = members[name];
    if (given === undefined) continue;
    const list = Array.isArray(given) ? given : [given];
    if (!list.every(isMediaFile)) throw wrong(name, 'a file');
    members[name] = kind === 'list' ? list : list[0];
  }
  return members;
};

/** @throws SluiceError `invalid_request`, where a member that the operation cannot do without is not there */
export const requireMembers = (members: JsonObject, operation: Operation): void => {
  for (const name of needed[operation] ?? []) {
    const value = members[name] ?? members[others[name] ?? name];
    if (value === undefined || value === null || value === '')
      throw new SluiceError('invalid_request', `'${name}' is missing.`, { param: name });
  }
};

/** Where a member may go by another name: images by their addresses, in JSON. */
const others: Readonly<Record<string, string>> = { image: 'images' };

const needed: { readonly [K in Operation]?: readonly string[] } = {
  'image-generation': ['prompt'],
  'image-edit': ['image'],
  'image-variation': ['image'],
  transcription: ['file'],
  translation: ['file'],
  speech: ['input'],
  moderation: ['input'],
  ocr: ['document'],
  search: ['query'],
  'video-create': ['prompt'],
  'video-remix': ['prompt'],
};

/** Members within members: nothing that a vendor takes lies deeper. */
const maxDepth = 8;

const place = (members: JsonObject, field: string, value: unknown): void => {
  const open = field.indexOf('[');
  if (open <= 0 || !field.endsWith(']')) {
    if (unsafe.has(field)) return;
    const before = Object.hasOwn(members, field) ? members[field] : undefined;
    // A name that stands twice is a list.
    if (Array.isArray(before)) before.push(value);
    else if (before !== undefined) members[field] = [before, value];
    else members[field] = lists.has(field) ? [value] : value;
    return;
  }
  const name = field.slice(0, open);
  const [member, ...deeper] = field.slice(open + 1, -1).split('][', maxDepth + 1);
  if (deeper.length >= maxDepth) throw wrong(name.slice(0, 100), 'less deep');
  if (unsafe.has(name) || unsafe.has(member!)) return;
  if (member === '') {
    const list = members[name];
    if (Array.isArray(list)) list.push(value);
    else members[name] = [value];
    return;
  }
  const object = isObject(members[name]) && !isMediaFile(members[name]) ? (members[name] as JsonObject) : {};
  members[name] = object;
  place(object, deeper.length === 0 ? member! : `${member!}[${deeper.join('][')}]`, value);
};

const unsafe: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

const read = (field: string, text: string): unknown => {
  if (numbers.has(field)) {
    const number = Number(text);
    if (text.trim() === '' || !Number.isFinite(number)) throw wrong(field, 'a number');
    return number;
  }
  if (booleans.has(field)) {
    if (!/^(true|false|1|0)$/i.test(text)) throw wrong(field, 'true or false');
    return /^(true|1)$/i.test(text);
  }
  return text;
};

const wrong = (name: string, wanted: string): SluiceError =>
  new SluiceError('invalid_request', `'${name}' must be ${wanted}.`, { param: name });

import type { ChatRequest, FilePart, JsonObject, Message, TextPart } from '../../types/index.ts';
import { asString, maybe, wantArray, wantObject } from '../shared/read.ts';
import { id, ownOf } from './common.ts';

/*
 * Documents that an answer is to rest on and to cite: `{ id, data }` or a text
 * (https://docs.cohere.com/v2/docs/retrieval-augmented-generation-rag, read 2026-11-22). The request has them beside its
 * messages; in the neutral model they are text files before the words of the last user message, where other vendors have
 * their documents.
 */

/** What a document says: its one text, or all its fields. */
const textOf = (data: JsonObject): string => {
  const fields = Object.entries(data).filter(([name]) => name !== 'title' && name !== 'url');
  const [only] = fields;
  return fields.length === 1 && typeof only?.[1] === 'string' ? only[1] : JSON.stringify(data);
};

/** @param value the document as the client wrote it, which is kept for Cohere */
const readDocument = (value: unknown, path: string): FilePart => {
  const extra = { [id]: { document: value } };
  if (typeof value === 'string') return { type: 'file', source: { kind: 'text', text: value }, citationsEnabled: true, extra };
  const data = wantObject(wantObject(value, path)['data'], `${path}.data`);
  const title = asString(data['title']);
  return {
    type: 'file',
    source: { kind: 'text', text: textOf(data) },
    ...(title !== undefined && { title }),
    citationsEnabled: true,
    extra,
  };
};

export const readDocuments = (value: unknown): FilePart[] =>
  (maybe(wantArray, value, 'documents') ?? []).map((each, index) => readDocument(each, `documents[${index}]`));

/** Messages with the documents in the last one of the user's. */
export const withDocuments = (messages: readonly Message[], documents: readonly FilePart[]): Message[] => {
  if (documents.length === 0) return [...messages];
  const at = messages.findLastIndex(({ role }) => role === 'user');
  if (at === -1) return [...messages, { role: 'user', content: [...documents] }];
  return messages.map((message, index) => (index === at ? { ...message, content: [...documents, ...message.content] } : message));
};

/** Whether a file goes beside the messages: one of this format, or one of a foreign format that is to be cited. */
export const isDocument = (part: FilePart): boolean =>
  part.source.kind === 'text' && (ownOf(part)['document'] !== undefined || part.citationsEnabled === true);

/** A document as Cohere has it: as the client wrote it, or made of the file. */
export const writeDocument = (part: FilePart, fallbackId: string): unknown => {
  const own = ownOf(part)['document'];
  if (own !== undefined) return own;
  const title = part.title ?? part.filename;
  const text = part.source.kind === 'text' ? part.source.text : '';
  return {
    id: fallbackId,
    data: { ...(title !== undefined && { title }), text, ...(part.context !== undefined && { context: part.context }) },
  };
};

/** The documents of a request's user messages, in their order; undefined if there are none. */
export const writeDocuments = ({ messages }: ChatRequest): unknown[] | undefined => {
  const files = messages.filter(({ role }) => role === 'user').flatMap(({ content }) => content.filter((part) => part.type === 'file'));
  const documents = files.filter(isDocument).map((part, index) => writeDocument(part, `doc_${index}`));
  return documents.length > 0 ? documents : undefined;
};

/** A `document` block in the result of a tool: text for other vendors, whose results take no documents. */
export const readDocumentBlock = (block: JsonObject, path: string): TextPart => {
  const document = wantObject(block['document'], `${path}.document`);
  const data = wantObject(document['data'], `${path}.document.data`);
  const [only, ...more] = Object.values(data);
  const text = more.length === 0 && typeof only === 'string' ? only : JSON.stringify(data);
  return { type: 'text', text, extra: { [id]: { document } } };
};

import type { JsonObject, RerankRequest, ToWireContext } from '../../types/index.ts';
import { SluiceError } from '../../types/index.ts';
import { compact, isObject, maybe, wantArray, wantBoolean, wantNumber, wantString } from '../shared/read.ts';
import { id } from './common.ts';
import { documentText } from './document-text.ts';

/** Members that the second version of the API knows and other vendors do not. */
const ownMembers: ReadonlySet<string> = new Set(['priority']);

/** Both versions of the API, as LiteLLM serves them under one path. @throws SluiceError `invalid_request`, naming the member */
export const fromWire = (body: JsonObject): RerankRequest => {
  const { model, query, documents, top_n, return_documents, rank_fields, max_tokens_per_doc, max_chunks_per_doc, ...others } = body;
  const extra: JsonObject = {};
  const unknown: JsonObject = {};
  for (const [name, value] of Object.entries(others)) if (value !== null) (ownMembers.has(name) ? extra : unknown)[name] = value;
  return compact<RerankRequest>({
    model: wantString(model, 'model'),
    query: wantString(query, 'query'),
    documents: wantArray(documents, 'documents').map((each, index) => {
      if (typeof each === 'string' || isObject(each)) return each;
      const path = `documents[${index}]`;
      throw new SluiceError('invalid_request', `'${path}' must be a string or an object.`, { param: path });
    }),
    topN: maybe(wantNumber, top_n, 'top_n'),
    returnDocuments: maybe(wantBoolean, return_documents, 'return_documents'),
    rankFields: maybe(wantArray, rank_fields, 'rank_fields')?.map((each, index) => wantString(each, `rank_fields[${index}]`)),
    maxTokensPerDocument: maybe(wantNumber, max_tokens_per_doc, 'max_tokens_per_doc'),
    maxChunksPerDocument: maybe(wantNumber, max_chunks_per_doc, 'max_chunks_per_doc'),
    unknown,
    extra: Object.keys(extra).length > 0 ? { [id]: extra } : undefined,
  });
};

/**
 * The second version, which takes texts alone. The documents that a client wants back are put into the answer by the
 * caller, who has them.
 */
export const toWire = (request: RerankRequest, context: ToWireContext): JsonObject => {
  if (request.maxChunksPerDocument !== undefined) {
    context.drop('max_chunks_per_doc', 'Cohere has max_tokens_per_doc in its place');
  }
  return compact<JsonObject>({
    model: context.model,
    query: request.query,
    documents: request.documents.map((each) => (typeof each === 'string' ? each : documentText(each, request.rankFields))),
    top_n: request.topN,
    max_tokens_per_doc: request.maxTokensPerDocument,
    ...request.extra?.[id],
    ...request.unknown,
  });
};

/** Whether a request says something that only the first version of the API took. */
export const isFirstVersion = ({ documents, return_documents, rank_fields, max_chunks_per_doc }: JsonObject): boolean =>
  [return_documents, rank_fields, max_chunks_per_doc].some((each) => each !== undefined && each !== null) ||
  (Array.isArray(documents) && documents.some((each) => typeof each !== 'string'));

/** What Oracle's generative AI takes and answers. */
export { ociCohere } from './cohere.ts';
export { ociEmbeddings } from './embeddings.ts';
export { ociGeneric } from './generic.ts';
export { ociRerank } from './rerank.ts';

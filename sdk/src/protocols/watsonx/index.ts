/** What watsonx.ai takes and answers. */
export { watsonxChat } from './chat.ts';
export { watsonxEmbeddings } from './embeddings.ts';
export { watsonxRerank } from './rerank.ts';
export { watsonxText } from './text.ts';

/** What SAP's generative AI hub takes and answers. */
export { sapOrchestration } from './chat.ts';
export { sapEmbeddings } from './embeddings.ts';

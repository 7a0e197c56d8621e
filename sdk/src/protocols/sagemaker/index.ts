export { sagemakerEmbeddings } from './embeddings.ts';
export { sagemakerGenerate } from './generate.ts';

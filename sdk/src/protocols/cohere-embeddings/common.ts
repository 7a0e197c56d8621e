export const id = 'cohere-embeddings';

export const id = 'cohere-rerank';

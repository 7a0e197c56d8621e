/** What GigaChat takes and answers. */
export { gigachatChat } from './chat.ts';
export { gigachatEmbeddings } from './embeddings.ts';

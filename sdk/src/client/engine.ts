/*
 * All that making a call needs: every protocol, every provider, the router. The functions of the public door load it
 * with their first call, so that importing the package costs next to nothing (FP-58).
 */
export {
  anthropicMessages,
  cohereRerank,
  gemini,
  openaiChat,
  openaiCompletions,
  openaiEmbeddings,
  openaiResponses,
} from '../protocols/index.ts';
export { embed } from './embed.ts';
export { invoke, invokeChat } from './invoke.ts';
export { rerank } from './rerank.ts';
export { respond } from './respond.ts';
export { bytesOf, callOperation, eventsOfBytes, jsonOf } from './operate/invoke-operation.ts';
export { callKept } from './operate/invoke-resource.ts';

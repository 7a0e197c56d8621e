/** What InvokeModel takes and answers on Amazon Bedrock, family by family; Claude has its owner's format there. */
export { bedrockCommandR } from './command-r.ts';
export { bedrockImportedQwen, bedrockImportedR1 } from './imported.ts';
export { bedrockLlama } from './llama.ts';
export { bedrockNova } from './nova.ts';
export { bedrockOpenai } from './openai.ts';
export { bedrockClaudeText, bedrockCohere, bedrockDeepSeek, bedrockJurassic, bedrockMistral } from './texts.ts';
export { bedrockInvoke } from './raw.ts';
export { bedrockTitan } from './titan.ts';

export { bedrockBaseName, bedrockTraits, isBedrockClaude, isBedrockName } from './bedrock.ts';
export { claudeTraits } from './claude.ts';
export { cohereTraits } from './cohere.ts';
export { geminiTraits } from './gemini.ts';
export { providerOfName } from './names.ts';
export { openaiChatEndpoints, openaiFamily, openaiTraits } from './openai.ts';
export { splitModel, type ModelName } from './split-model.ts';

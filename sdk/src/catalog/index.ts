export { claudeTraits } from './claude.ts';
export { geminiTraits } from './gemini.ts';
export { providerOfName } from './names.ts';
export { openaiChatEndpoints, openaiTraits } from './openai.ts';
export { splitModel, type ModelName, type SplitOptions } from './split-model.ts';

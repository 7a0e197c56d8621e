/** Whose API is meant where nobody says: LiteLLM's own choice, since the paths are OpenAI's. */
export const usualProvider = 'openai';

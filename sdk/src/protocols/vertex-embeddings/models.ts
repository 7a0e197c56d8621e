/** What a request of a model looks like. */
type Shape = 'text' | 'multimodal' | 'content';

/** Gemini's models since the first (`gemini-embedding-001`) have a call of their own. */
export const shapeOf = (model: string): Shape => {
  if (model.startsWith('multimodalembedding')) return 'multimodal';
  return model.startsWith('gemini-embedding-') && !model.startsWith('gemini-embedding-001') ? 'content' : 'text';
};

/** The limit of the text models; those that take one text a request are told by their names. */
const maxTexts = 250;

export const maxInputs = (model: string): number => (shapeOf(model) === 'text' && !model.startsWith('gemini-embedding-') ? maxTexts : 1);

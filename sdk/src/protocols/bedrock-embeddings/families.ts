/** Whose body an embedding model on Bedrock takes. */
export type Family = 'titan' | 'titan-v1' | 'titan-image' | 'nova' | 'cohere' | 'marengo-2' | 'marengo-3';

/** In order: the first that matches. Names may have a geography in front, or be the end of an ARN. */
const patterns: readonly (readonly [RegExp, Family])[] = [
  [/amazon\.titan-embed-image/, 'titan-image'],
  [/amazon\.titan-embed-(?:text-v1|g1)/, 'titan-v1'],
  [/amazon\.nova-.*embed/, 'nova'],
  [/cohere\.embed/, 'cohere'],
  [/twelvelabs\.marengo-embed-2/, 'marengo-2'],
  [/twelvelabs\.marengo/, 'marengo-3'],
];

/** A name that says nothing is taken for Amazon's own text model, as the most usual one. */
export const familyOf = (model: string): Family => patterns.find(([pattern]) => pattern.test(model))?.[1] ?? 'titan';

/** "Texts per call: 96" (docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed-v3.html). All others take one. */
export const maxInputs = (model: string): number => (familyOf(model) === 'cohere' ? 96 : 1);

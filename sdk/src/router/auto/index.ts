export { complexityTiers, createComplexityScorer, type Complexity, type ComplexityTier } from './complexity.ts';
export { createSemanticRouter, type EmbedTexts, type SemanticChoice } from './semantic.ts';

export { complexityTiers, createComplexityScorer, type Complexity, type ComplexityOptions, type ComplexityTier } from './complexity.ts';
export {
  createSemanticRouter,
  type EmbedTexts,
  type SemanticChoice,
  type SemanticOptions,
  type SemanticRoute,
  type SemanticRouter,
} from './semantic.ts';

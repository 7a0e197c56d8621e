import type { ComplexityTier } from 'sluice/kit';

// Auto-routers in the snapshot.

/** A model name that is an `auto_router/...`: what a request is about says which model answers it. */
export type AutoRouter = SemanticRouter | ComplexityRouter;

/** By the likeness of the last message to examples. */
export interface SemanticRouter {
  readonly kind: 'semantic';
  /** At least one. */
  readonly routes: readonly SemanticRoute[];
  readonly defaultModel: string;
  /** A model name of the list, or `provider/model`. */
  readonly embeddingModel: string;
}

export interface SemanticRoute {
  /** The model name that answers. */
  readonly name: string;
  readonly utterances: readonly string[];
  readonly description?: string;
  /** Least cosine likeness, 0 to 1; absent: the engine's own. */
  readonly scoreThreshold?: number;
}

/** By how hard it looks. What is absent is as the engine has it. */
export interface ComplexityRouter {
  readonly kind: 'complexity';
  /** Model names for each tier; several are tried in turn. A tier without one takes `defaultModel`. */
  readonly tiers: Readonly<Partial<Record<ComplexityTier, readonly string[]>>>;
  readonly defaultModel?: string;
  /** Scores from which the next tier holds. */
  readonly boundaries: { readonly simpleMedium?: number; readonly mediumComplex?: number; readonly complexReasoning?: number };
  /** Prompts of less than `simple` tokens count as simple, of more than `complex` as complex. */
  readonly tokenThresholds: { readonly simple?: number; readonly complex?: number };
  /** What a sign weighs: `tokenCount`, `codePresence`, `reasoningMarkers`, ... */
  readonly weights: Readonly<Record<string, number>>;
  /** Words that are looked for, instead of the engine's own; `moreTechnical` beside them. */
  readonly keywords: Readonly<Partial<Record<'code' | 'reasoning' | 'technical' | 'moreTechnical' | 'simple', readonly string[]>>>;
}

/* Loaded with the first question: the functions of the public door are thin, so that importing costs next to nothing. */
export { costOfAnswer, costOfUsage } from './cost.ts';
export { checkEnvironment, modelsWithKeys, providerOf } from './environment.ts';
export { register } from './known-models.ts';
export { modelInfo, supports } from './model-info.ts';
export { supportedParameters } from './parameters.ts';
export { encodingOf, loadTokenizer } from './tokenizer.ts';
export { countLocally } from './tokens.ts';
export { trim } from './trim-messages.ts';
export { readGivenUsage } from './usage-given.ts';

import type { JsonObject } from '../../types/index.ts';

/** How LiteLLM's users name a deployment of their own in place of a model. */
export const deploymentPrefix = 'deployment/';

/** A deployment is named by the path, and says itself which model it is of. */
export const modelMember = (model: string): JsonObject => (model.startsWith(deploymentPrefix) ? {} : { model_id: model });

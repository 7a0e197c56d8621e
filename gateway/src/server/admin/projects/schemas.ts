import { z } from 'zod';
import { aText, anId, json, limitsShape, names, objectPermission } from '../fields.ts';
import { notBuilt, notTaken, withoutLogging } from '../not-built.ts';

/** What can be said of a project whether it is made or changed. Reference 2.5, `NewProjectRequest`. */
const projectShape = {
  ...limitsShape,
  guardrails: notBuilt.guardrails,
  policies: notBuilt.policies,
  budget_id: anId.nullish(),
  project_alias: aText.nullish(),
  description: aText.nullish(),
  models: names.nullish(),
  metadata: withoutLogging(json).nullish(),
  tags: z.array(z.string().min(1).max(256)).max(100).nullish(),
  blocked: z.boolean().nullish(),
  object_permission: objectPermission.nullish(),
  // Of LiteLLM's table of budgets, where it is for members.
  allowed_models: notTaken('is not for projects: give the models as `models`'),
};

export const newProject = z.strictObject({ ...projectShape, project_id: anId.nullish(), team_id: anId });
export const updatedProject = z.strictObject({ ...projectShape, project_id: anId, team_id: anId.nullish() });
export const namedProjects = z.strictObject({ project_ids: z.array(anId).min(1).max(100) });
export const infoQuery = z.strictObject({ project_id: anId });

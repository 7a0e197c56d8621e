import type { AdminRoute } from '../admin-route.ts';
import { listProjects, projectInfo } from './see-projects.ts';
import { createProject, deleteProject, updateProject } from './write-project.ts';

/** Project management, as LiteLLM has it. */
export const projectsRoutes: readonly AdminRoute[] = [createProject, updateProject, deleteProject, projectInfo, listProjects];

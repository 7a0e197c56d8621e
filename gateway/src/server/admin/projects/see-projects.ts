import { SluiceError } from 'sluice/kit';
import { kinds } from '../../../access/records/kinds.ts';
import type { Where } from '../../../access/store/reading.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { administered, seesAll } from '../teams/visible.ts';
import { aboutProject, theProject } from './find-project.ts';
import { infoQuery } from './schemas.ts';
import { projectsShown } from './shown.ts';

/** More are never read at once. */
const maxProjects = 10_000;

export const projectInfo = adminRoute({
  method: 'GET',
  paths: ['/project/info'],
  action: 'project.see',
  query: infoQuery,
  summary: 'Shows a project.',
  about: (context) => aboutProject(context, context.query.project_id),
  handle: async (context) => (await projectsShown(context, [await theProject(context.store, context.query.project_id)]))[0],
});

export const listProjects = adminRoute({
  method: 'GET',
  paths: ['/project/list'],
  action: 'project.list',
  summary: 'Lists the projects that the caller may see: at most 10,000.',
  about: () => [],
  handle: async (context) => {
    const where = await visibleProjects(context);
    const { rows, total } = await context.store.page(kinds.project, { ...where, page: 1, size: maxProjects });
    if (total > maxProjects) throw new SluiceError('invalid_request', `There are ${total} projects, more than are listed at once.`);
    return projectsShown(context, rows);
  },
});

/** Those of the teams that the caller is in, and of the organisations that it administers. */
const visibleProjects = async (context: AdminContext): Promise<Where> => {
  if (seesAll(context)) return {};
  const organizations = administered(context);
  const stored = organizations.length === 0 ? [] : await context.store.find(kinds.team, { is: { organization_id: organizations } });
  const config = context.services.snapshot().teams;
  // Whose a team is says the file, where it has the team too.
  const ofDatabase = stored.filter(({ id }) => !config.some((team) => team.id === id));
  const ofFile = config.filter(({ record }) => organizations.includes(record.organization_id ?? ''));
  const teams = new Set([...context.principal.teams.keys(), ...ofDatabase.map(({ id }) => id), ...ofFile.map(({ id }) => id)]);
  return { is: { team_id: [...teams] } };
};

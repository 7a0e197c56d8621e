import { SluiceError } from 'sluice/kit';
import { demandWithin } from '../../../access/grants/within.ts';
import { kinds } from '../../../access/records/kinds.ts';
import type { ProjectRecord } from '../../../access/records/records.ts';
import type { Writing } from '../../../access/store/writing.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { demandBudget } from '../budgets/known-budget.ts';
import { changed, filled, type Change } from '../patch.ts';
import { aboutTeam, findTeam, teamLock } from '../teams/find-team.ts';
import { aboutProject, theProject } from './find-project.ts';
import { namedProjects, newProject, updatedProject } from './schemas.ts';
import { projectsShown } from './shown.ts';

/** A project is given what its team has, at most. @throws SluiceError `invalid_request` */
const demandProject = async (
  { services }: Pick<AdminContext, 'services'>,
  writing: Writing,
  id: string,
  project: ProjectRecord,
): Promise<void> => {
  await demandBudget(writing, project.budget_id);
  await writing.tx.lock(teamLock(project.team_id));
  const team = await findTeam({ services, store: writing }, project.team_id);
  if (!team)
    throw new SluiceError('invalid_request', `There is no team '${project.team_id}'. Make it with POST /team/new.`, { param: 'team_id' });
  demandWithin({ name: `project '${id}'`, data: project }, { name: `team '${team.id}'`, data: team.data }, services.live());
};

export const createProject = adminRoute({
  method: 'POST',
  paths: ['/project/new'],
  action: 'project.create',
  body: newProject,
  summary: 'Makes a project of a team.',
  about: (context) => aboutTeam(context, context.body.team_id),
  handle: async (context) => {
    const { project_id: given, ...fields } = context.body;
    const id = given ?? crypto.randomUUID();
    const record = { ...filled(fields), models: fields.models ?? [] } as ProjectRecord;
    const project = await context.store.write(context.actor, async (writing) => {
      if (await writing.get(kinds.project, id))
        throw new SluiceError('invalid_request', `There is already a project with the id '${id}'.`, { param: 'project_id' });
      await demandProject(context, writing, id, record);
      return writing.insert(kinds.project, id, record);
    });
    // A new project of an old name begins with nothing spent.
    if (given != null) await context.services.spend.clear(`project:${id}`);
    return (await projectsShown(context, [project]))[0];
  },
});

export const updateProject = adminRoute({
  method: 'POST',
  paths: ['/project/update'],
  action: 'project.update',
  body: updatedProject,
  summary: 'Changes a project. What is not named is not touched; null is unlimited.',
  about: async (context) => {
    const { project_id: id, team_id: to } = context.body;
    const about = await aboutProject(context, id);
    // Who moves it administers the team that it goes to as well.
    return to == null ? about : [...about, ...(await aboutTeam(context, to))];
  },
  handle: async (context) => {
    const { project_id: id, team_id, ...fields } = context.body;
    const change = { ...fields, team_id: team_id ?? undefined, ...(fields.models === null && { models: [] }) } as Change<ProjectRecord>;
    const project = await context.store.write(context.actor, async (writing) => {
      await writing.tx.lock(`project:${id}`);
      const before = await theProject(writing, id);
      const after = changed(before.data, change);
      await demandProject(context, writing, id, after);
      if (after.team_id !== before.data.team_id) await demandWithoutKeys(writing, id, 'moved to another team');
      return writing.update(kinds.project, id, () => after);
    });
    return (await projectsShown(context, [project]))[0];
  },
});

export const deleteProject = adminRoute({
  method: 'DELETE',
  paths: ['/project/delete'],
  action: 'project.delete',
  body: namedProjects,
  summary: 'Deletes projects without keys.',
  about: async (context) => (await Promise.all(context.body.project_ids.map((id) => aboutProject(context, id)))).flat(),
  handle: async (context) => {
    const ids = [...new Set(context.body.project_ids)];
    const gone = await context.store.write(context.actor, async (writing) => {
      const all = [];
      for (const id of ids.toSorted()) {
        await writing.tx.lock(`project:${id}`);
        all.push(await theProject(writing, id));
        await demandWithoutKeys(writing, id, 'deleted');
        await writing.remove(kinds.project, id);
      }
      return all;
    });
    return projectsShown(context, gone);
  },
});

/** Keys of it would be left with a project that is not there, or is another team's. */
const demandWithoutKeys = async (writing: Writing, id: string, what: string): Promise<void> => {
  const count = await writing.count(kinds.key, { is: { project_id: id } });
  if (count > 0)
    throw new SluiceError(
      'invalid_request',
      `The project '${id}' has ${count} key${count === 1 ? '' : 's'}. Delete them, or give them another project, before it is ${what}.`,
    );
};

import { textOption } from '../../credentials.ts';
import { lazily } from '../../lazily.ts';
import { createTokenCache, type FetchedToken } from '../../token-cache.ts';
import type { Target } from '../../../types/index.ts';
import type { Credentials } from './credentials.ts';
import { findSource } from './find.ts';
import type { AuthTools } from './tools.ts';

export type { AuthTools, TokenFetch } from './tools.ts';

interface GoogleToken extends FetchedToken {
  /** Whose quota the calls use (`x-goog-user-project`). */
  quotaProjectId?: string;
}

export interface GoogleTokens {
  /** A valid access token for the target's credentials. @throws SluiceError `authentication`, `unavailable`, `connection` */
  get(target: Pick<Target, 'options'>): Promise<GoogleToken>;
  /** Drops a token that was refused. @returns whether the next one may be another */
  forget(target: Pick<Target, 'options'>, authorization: string | undefined): boolean;
  /**
   * The project that the surroundings or the credentials name, for a target that names none. What was given for the
   * target goes before what happens to be in the environment.
   * @throws SluiceError `authentication` where there are no credentials
   */
  project(target: Pick<Target, 'options'>): Promise<string | undefined>;
}

const tokenOf = lazily(async () => (await import('./exchange.ts')).tokenOf);
const machineProject = lazily(async () => (await import('./machine.ts')).machineProject);

const projectsHoldMs = 60 * 60_000;

/** Holds the tokens of its targets, so a program makes one. */
export const createGoogleTokens = (tools: AuthTools): GoogleTokens => {
  const cache = createTokenCache<GoogleToken>(tools.now);
  // Programs make a target a call, and none should read a file or ask the machine again for what it knows.
  const projects = createTokenCache(tools.now);
  const projectOf = async (load: () => Promise<Credentials>): Promise<FetchedToken> => {
    const credentials = await load();
    const project = credentials.projectId ?? (credentials.type === 'machine' ? await machineProject(tools) : undefined);
    return { value: project ?? '', expiresAtMs: tools.now() + projectsHoldMs };
  };
  return {
    get(target) {
      const source = findSource(target, tools);
      return cache.get(source.id, '', async () => {
        const credentials = await source.load();
        const { quotaProjectId } = credentials;
        return { ...(await tokenOf(credentials, tools)), ...(quotaProjectId !== undefined && { quotaProjectId }) };
      });
    },
    forget: (target, authorization) => cache.forget(findSource(target, tools).id, authorization),
    async project(target) {
      const { id, explicit, load } = findSource(target, tools);
      const around = textOption(target, 'google_cloud_project');
      if (!explicit && around !== undefined) return around;
      return (await projects.get(id, '', () => projectOf(load))).value || around;
    },
  };
};

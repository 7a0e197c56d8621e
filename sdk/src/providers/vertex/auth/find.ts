import { firstOf } from '../../../lib/env.ts';
import type { Target } from '../../../types/index.ts';
import { secretOption, textOption } from '../../credentials.ts';
import { readCredentials, type Credentials } from './credentials.ts';
import { authFailure } from './failure.ts';
import type { AuthTools } from './tools.ts';

/** Where a target's credentials come from. */
export interface Source {
  /** Tells identities apart. May be the credentials themselves: never for people. */
  id: string;
  /** Given for this target, and not found in the surroundings. */
  explicit: boolean;
  load(): Promise<Credentials>;
}

/**
 * The first of: `vertex_credentials` (a path, or the JSON itself), the file of GOOGLE_APPLICATION_CREDENTIALS, what
 * `gcloud auth application-default login` left, the machine (google.aip.dev/auth/4110, read 2026-11-22).
 */
export const findSource = (target: Pick<Target, 'options'>, tools: AuthTools): Source => {
  const given = secretOption(target, 'vertex_credentials')?.reveal().trim();
  if (given?.startsWith('{')) return { id: given, explicit: true, load: async () => readCredentials(given, 'vertex_credentials') };
  if (given) return ofFile(given, 'vertex_credentials', true, tools);
  const path = textOption(target, 'google_application_credentials');
  if (path !== undefined) return ofFile(path, 'GOOGLE_APPLICATION_CREDENTIALS', false, tools);
  return { id: 'surroundings', explicit: false, load: () => ofSurroundings(tools) };
};

const ofFile = (path: string, given: string, explicit: boolean, tools: AuthTools): Source => ({
  id: `file ${path}`,
  explicit,
  async load() {
    const text = await tools.readText(path).catch((cause: unknown) => {
      // Somebody may have pasted a key here: no more of it than a path has.
      const shown = /^[\w./\\~: -]{1,260}$/.test(path) ? path : undefined;
      throw authFailure(`The file of ${given} cannot be read.`, 'authentication', cause, shown);
    });
    return readCredentials(text, `The file of ${given}`);
  },
});

const ofSurroundings = async (tools: AuthTools): Promise<Credentials> => {
  const path = gcloudFile(tools);
  const text = path === undefined ? undefined : await tools.readText(path).catch(() => undefined);
  return text === undefined ? { type: 'machine' } : readCredentials(text, "gcloud's application default credentials");
};

const gcloudFile = ({ env }: AuthTools): string | undefined => {
  const configured = firstOf(env, ['CLOUDSDK_CONFIG']);
  const windows = firstOf(env, ['APPDATA']);
  const home = firstOf(env, ['HOME']);
  const folder = configured ?? (windows === undefined ? home && `${home}/.config/gcloud` : `${windows}/gcloud`);
  return folder && `${folder}/application_default_credentials.json`;
};

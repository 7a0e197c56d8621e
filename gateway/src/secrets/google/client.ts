import { createGoogleTokens, firstOf } from 'sluice/kit';
import type { SecretManagerEntry } from '../../config/schema/secrets.ts';
import { createAsk, refusal, type Answer, type Question } from '../ask.ts';
import { mapping, word, type ManagerFailure, type SecretWorld } from '../manager.ts';

export interface GoogleClient {
  /** Any status but 401 is an answer. @throws ManagerFailure, SluiceError */
  call(question: Omit<Question, 'headers'>, signal: AbortSignal): Promise<Answer>;
  /** That of the credentials. */
  project(): Promise<string | undefined>;
}

/** Google's REST APIs, with the credentials that all of Google's libraries find (google.aip.dev/auth/4110, read 2026-11-22). */
export const createGoogleClient = (entry: SecretManagerEntry, world: SecretWorld, timeoutMs: number): GoogleClient => {
  const { fetch, readText, env, clock } = world;
  const ask = createAsk(world, { timeoutMs });
  const tokens = createGoogleTokens({ fetch, readText, env, now: () => clock.now() });
  const options = {
    vertex_credentials: entry.credentials,
    google_application_credentials: firstOf(env, ['GOOGLE_APPLICATION_CREDENTIALS']),
    google_cloud_project: firstOf(env, ['GOOGLE_CLOUD_PROJECT', 'GCLOUD_PROJECT']),
  };
  return {
    project: () => tokens.project({ options }),
    async call(question, signal) {
      for (let again = true; ; again = false) {
        const { value, quotaProjectId } = await tokens.get({ options });
        const authorization = `Bearer ${value}`;
        const quota = quotaProjectId !== undefined && { 'x-goog-user-project': quotaProjectId };
        const headers = { authorization, 'content-type': 'application/json', accept: 'application/json', ...quota };
        const answer = await ask({ ...question, headers }, signal);
        if (answer.status !== 401) return answer;
        if (!again || !tokens.forget({ options }, authorization)) throw googleRefusal(answer);
      }
    },
  };
};

/** What Google calls it: `PERMISSION_DENIED`. */
export const statusOf = ({ value }: Answer): string => word(mapping(value?.['error'])?.['status']);

export const googleRefusal = (answer: Answer): ManagerFailure =>
  refusal(
    answer,
    statusOf(answer),
    answer.status === 403 ? 'its service account may not do that; `hosted_keys` limits what is asked for' : '',
  );

import type { Candidate } from '../candidate.ts';
import type { Deployment, ModelFacts } from '../deployment.ts';
import { DeploymentState } from '../state.ts';

/** A candidate as tests want it: only what is said differs from nothing. */
export const candidate = (id: string, more: Partial<Deployment<string>> = {}, facts: ModelFacts = {}): Candidate<string> => ({
  deployment: { id, name: 'm', model: id, payload: id, ...more },
  model: id,
  state: new DeploymentState(),
  facts,
});

/** Their ids. */
export const ids = (candidates: readonly Candidate<string>[]): string => candidates.map(({ deployment }) => deployment.id).join(' ');

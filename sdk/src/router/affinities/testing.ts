import type { Candidate } from '../candidate.ts';
import type { Deployment } from '../deployment.ts';
import { DeploymentState } from '../state.ts';

/** For the tests of this folder: deployments of one name, as a router would hand them in. */
export const candidateOf = (id: string, more: Partial<Deployment<string>> = {}): Candidate<string> => ({
  deployment: { id, name: 'm', model: 'm', payload: id, ...more },
  model: 'm',
  state: new DeploymentState(),
  facts: {},
});

export const candidatesOf = (count: number, more: Partial<Deployment<string>> = {}): Candidate<string>[] =>
  Array.from({ length: count }, (_, at) => candidateOf(`d${at}`, more));

/** Numbers that look random and are the same each time (mulberry32, public domain). */
export const seeded = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
};

export { createExperiment, type Dealt, type Experiment } from './experiment.ts';
export { LadderState, type Ladder } from './ladder.ts';
export { activeAt, type Schedule } from './schedule.ts';

export { controlArm, createExperiment, stickyKinds, type Dealt, type Experiment, type ExperimentArm, type StickyBy } from './experiment.ts';
export { LadderState, type Ladder, type LadderLimits, type LadderSignals, type LadderStep } from './ladder.ts';
export { activeAt, type Schedule } from './schedule.ts';

import { cpuLanes } from './cpu.ts';
import type { Lane } from './lane.ts';
import { latencyLane } from './latency.ts';
import { memoryLane } from './memory.ts';
import { promptsLane } from './prompts.ts';
import { routerLane } from './router.ts';
import { sdkImportLane } from './sdk-import.ts';
import { startLane } from './start.ts';

/** In the order of the report. */
export const lanes: readonly Lane[] = [...cpuLanes, latencyLane, promptsLane, memoryLane, startLane, sdkImportLane, routerLane];

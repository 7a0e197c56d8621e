import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { atMost } from '../report.ts';
import { start } from '../rig/processes.ts';
import { median } from '../rig/wait.ts';
import type { Lane } from './lane.ts';

const row = { lane: 'SDK import on Node', unit: 'ms', bound: 30 } as const;
const root = join(import.meta.dir, '../..');

/** A fresh Node process each time; the time of the import alone. */
export const sdkImportLane: Lane = {
  name: 'sdk-import',
  rows: [row],
  async run() {
    if (!existsSync(join(root, 'sdk/dist/index.js'))) throw new Error('sdk/dist is not built: node scripts/build-sdk.js');
    const manifest = JSON.parse(readFileSync(join(root, 'sdk/package.json'), 'utf8')) as { dependencies?: object };
    const dependencies = Object.keys(manifest.dependencies ?? {}).length;
    if (dependencies > 0) throw new Error(`the SDK has ${dependencies} dependencies at run time`);
    const script = `const begun = performance.now(); await import(${JSON.stringify(join(root, 'sdk/dist/index.js'))}); console.log(performance.now() - begun);`;
    const times: number[] = [];
    for (let round = 0; round < 9; round++) {
      const child = start(['node', '--input-type=module', '--eval', script], { read: true });
      times.push(Number(await child.line(10_000)));
      await child.kill();
    }
    const version = start(['node', '--version'], { read: true });
    const node = await version.line(5000);
    await version.kill();
    return [atMost(row.lane, median(times), row.unit, row.bound, `median of ${times.length} on Node ${node}, no dependency`)];
  },
};

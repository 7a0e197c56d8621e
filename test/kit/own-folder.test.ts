import { expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const module = JSON.stringify(join(import.meta.dir, 'own-folder.ts'));
const script = (end: string) => `
  const { writeFileSync } = await import('node:fs');
  const { ownFolder } = await import(${module});
  for (const hot of [false, true]) {
    const folder = ownFolder('pg', { hot });
    const child = Bun.spawn(['sleep', '60'], { stdout: 'ignore' });
    child.unref();
    writeFileSync(folder + '/pid', String(child.pid));
    console.log(folder, child.pid);
  }
  ${end}`;

test.each([
  ['ends by itself', ''],
  ['is over before anything is', 'process.exit(0)'],
  ['is killed', `await Bun.stdout.write(''); process.kill(process.pid, 'SIGKILL')`],
])('what a process has made is gone with it, when it %s', async (_, end) => {
  const child = Bun.spawn([process.execPath, '-e', script(end)], { stdout: 'pipe' });
  const made = (await new Response(child.stdout).text())
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
  await child.exited;
  expect(made).toHaveLength(2);
  const left = () => made.flat().filter((each) => existsSync(each.startsWith('/') ? each : `/proc/${each}/cwd`));
  const deadline = performance.now() + 4000;
  while (left().length > 0 && performance.now() < deadline) await Bun.sleep(10);
  expect(left()).toEqual([]);
});

import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { temporaryFolder, until } from './testing.ts';
import { runChild } from './child.ts';

const sh = (script: string) => runChild({ command: '/bin/sh', args: ['-c', script], env: {}, terminal: false });

test('the exit code is the program’s', async () => {
  expect(await sh('exit 3')).toBe(3);
  expect(await sh('kill -TERM $$')).toBe(143);
});

test('what cannot be started is told', async () => {
  await expect(runChild({ command: '/nowhere/agent', args: [], env: {}, terminal: false })).rejects.toThrow('ENOENT');
});

test('signals are handed on', async () => {
  using folder = temporaryFolder();
  const program = `import { runChild } from ${JSON.stringify(join(import.meta.dir, 'child.ts'))};
    process.exit(await runChild({ command: '/bin/sh', args: ['-c', 'trap "exit 42" TERM INT; echo up > "$UP"; while :; do sleep 0.05; done'], env: process.env, terminal: false }));`;
  await Bun.write(folder.file('run.ts'), program);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const up = folder.file(`up-${signal}`);
    const child = Bun.spawn([process.execPath, folder.file('run.ts')], { env: { ...process.env, UP: up }, stdin: 'ignore' });
    await until(() => Bun.file(up).size > 0, 5000);
    child.kill(signal);
    expect(await child.exited).toBe(42);
  }
});

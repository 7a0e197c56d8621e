import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { loadConfig } from '../gateway/src/config/load.ts';

const folder = join(import.meta.dir, '../examples');

test.each([
  ['streaming.ts', /Tell me about sluices\./],
  ['tools.ts', /get_weather\(.*\)\n[\s\S]+/],
  ['errors.ts', /rate_limited 429 .*\none\ntwo\nthree/],
])('%s runs as it stands', async (file, output) => {
  const { PATH = '', HOME = '' } = process.env;
  const child = Bun.spawn([process.execPath, join(folder, file)], { stdout: 'pipe', stderr: 'pipe', env: { PATH, HOME } });
  const [out, err, code] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text(), child.exited]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(output);
});

test('config.yaml loads', async () => {
  const loaded = loadConfig(await Bun.file(join(folder, 'config.yaml')).text(), { file: 'config.yaml', env: {} });
  expect(loaded.ok ? loaded.snapshot.warnings : loaded.problems).toEqual([]);
});

import { expect, test } from 'bun:test';
import { watchLauncher } from './launcher-gone.ts';
import { until } from './testing.ts';

const watching = (launcherPid: string | undefined, parents: readonly number[]) => {
  let [looked, gone] = [0, 0];
  watchLauncher({
    launcherPid,
    parentPid: () => parents[Math.min(looked++, parents.length - 1)]!,
    onGone: () => void gone++,
    everyMs: 5,
  });
  return { looked: () => looked, gone: () => gone };
};

test.each<[string, number[]]>([
  ['is gone', [7, 7, 1]],
  ['was gone before anybody looked', [1]],
])('a launcher that %s is noticed, once', async (_, parents) => {
  const { looked, gone } = watching('7', parents);
  await until(() => gone() > 0);
  await Bun.sleep(30);
  expect([looked(), gone()]).toEqual([parents.length, 1]);
});

test('one that lives', async () => {
  const { looked, gone } = watching('7', [7]);
  await until(() => looked() >= 5);
  expect(gone()).toBe(0);
});

test('none: the shell that ends is no launcher', async () => {
  const { looked, gone } = watching(undefined, [7, 1]);
  await Bun.sleep(30);
  expect([looked(), gone()]).toEqual([0, 0]);
});

import { expect, test } from 'bun:test';
import { watchLauncher } from './launcher-gone.ts';

const watching = async (launcherPid: string | undefined, parents: readonly number[]): Promise<number> => {
  let [looked, gone] = [0, 0];
  watchLauncher({
    launcherPid,
    parentPid: () => parents[Math.min(looked++, parents.length - 1)]!,
    onGone: () => void gone++,
    everyMs: 5,
  });
  await Bun.sleep(60);
  return gone;
};

test.each([
  ['is gone', [7, 7, 1]],
  ['was gone before anybody looked', [1]],
])('a launcher that %s is noticed, once', async (_, parents) => expect(await watching('7', parents as number[])).toBe(1));
test.each([
  ['one that lives', '7', [7]],
  ['none: the shell that ends is no launcher', undefined, [7, 1]],
])('%s', async (_, pid, parents) => expect(await watching(pid as string | undefined, parents as number[])).toBe(0));

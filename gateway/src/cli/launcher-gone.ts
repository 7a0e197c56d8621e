export interface LauncherOptions {
  /** Of the launcher, as it said itself. Absent: there is none, and a parent that ends means nothing. */
  launcherPid: string | undefined;
  parentPid: () => number;
  onGone: () => void;
  everyMs?: number;
}

/**
 * A launcher that is killed cannot hand its signal on. The gateway must not live on without it: it would hold the port,
 * and whoever starts the next one would not know why. Looks for it now and then, as nothing tells of a parent's end.
 */
export const watchLauncher = ({ launcherPid, parentPid, onGone, everyMs = 1000 }: LauncherOptions): void => {
  if (launcherPid === undefined) return;
  const timer = setInterval(() => {
    if (parentPid() === Number(launcherPid)) return;
    clearInterval(timer);
    onGone();
  }, everyMs);
  timer.unref();
};

import type { Env } from './env.ts';

/** A path that may begin with `~`, the home folder; undefined where nobody knows the home. */
export const homePath = (path: string, env: Env): string | undefined => {
  if (!/^~(?:[/\\]|$)/.test(path)) return path;
  const home = env['HOME'] ?? env['USERPROFILE'];
  return home ? home.replace(/[/\\]+$/, '') + path.slice(1) : undefined;
};

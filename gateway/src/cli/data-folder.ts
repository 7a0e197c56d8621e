import { isAbsolute, join } from 'node:path';
import type { Io } from './io.ts';

/** Where what must outlive a run is kept; undefined where there is no such place. */
export const dataFolder = ({ env, home, platform }: Pick<Io, 'env' | 'home' | 'platform'>): string | undefined => {
  if (env['SLUICE_DATA_DIR']) return env['SLUICE_DATA_DIR'];
  // The specification says that a relative one is to be ignored.
  const shared = env['XDG_DATA_HOME'];
  if (shared && isAbsolute(shared)) return join(shared, 'sluice');
  if (platform === 'win32' && env['LOCALAPPDATA']) return join(env['LOCALAPPDATA'], 'sluice');
  if (!home || !isAbsolute(home)) return undefined;
  return platform === 'darwin' ? join(home, 'Library', 'Application Support', 'sluice') : join(home, '.local', 'share', 'sluice');
};

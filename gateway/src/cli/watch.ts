import { statSync, watch, type FSWatcher } from 'node:fs';
import { dirname } from 'node:path';

export interface WatchOptions {
  /** Absolute; asked for again each time, as an edit may add an `include`. */
  files: () => readonly string[];
  /** Something may have changed. Called again only after it is done. */
  onChange: () => Promise<void> | void;
  /** Between two looks where the system gives no notice, in milliseconds. */
  pollMs?: number;
  /** A file must have been quiet this long before it is read, in milliseconds: editors write in pieces. */
  settleMs?: number;
}

/**
 * Watches files for edits. Their folders are watched, not they themselves, because editors and Kubernetes put a new
 * file (or a link) in the old one's place; and as some file systems give no notice at all, they are looked at as well.
 * @returns stops watching
 */
export const watchFiles = ({ files, onChange, pollMs = 500, settleMs = 40 }: WatchOptions): (() => void) => {
  const folders = new Map<string, FSWatcher>();
  let seen = marks(files());
  let stopped = false;
  let busy = false;
  let settling: ReturnType<typeof setTimeout> | undefined;

  const look = () => {
    if (stopped || busy || settling !== undefined) return;
    const before = marks(files());
    if (before === seen) return;
    settling = setTimeout(async () => {
      settling = undefined;
      const now = marks(files());
      if (stopped) return;
      if (now !== before) return look();
      seen = now;
      busy = true;
      try {
        await onChange();
      } finally {
        busy = false;
        watchFolders();
      }
    }, settleMs);
  };

  const watchFolders = () => {
    const wanted = new Set(files().map((file) => dirname(file)));
    for (const [folder, watcher] of folders) {
      if (wanted.has(folder)) continue;
      watcher.close();
      folders.delete(folder);
    }
    for (const folder of wanted) {
      if (folders.has(folder)) continue;
      try {
        const watcher = watch(folder, { persistent: false }, look);
        // Folders go away; looking goes on.
        watcher.on('error', () => {
          watcher.close();
          folders.delete(folder);
        });
        folders.set(folder, watcher);
      } catch {
        // No notice here (no inotify watches left, a network share): looking is enough.
      }
    }
  };

  watchFolders();
  const timer = setInterval(look, pollMs);
  timer.unref();
  return () => {
    stopped = true;
    clearInterval(timer);
    clearTimeout(settling);
    for (const watcher of folders.values()) watcher.close();
  };
};

/** What tells a file's state apart: a link that points elsewhere has another inode behind it. */
const marks = (files: readonly string[]): string =>
  files
    .map((file) => {
      try {
        const { ino, mtimeMs, size } = statSync(file);
        return `${file}:${ino}:${mtimeMs}:${size}`;
      } catch {
        return `${file}:-`;
      }
    })
    .join('\n');

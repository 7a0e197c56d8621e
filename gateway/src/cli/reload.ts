import type { Secret } from 'sluice/kit';
import { formatProblem } from '../config/problem.ts';
import type { ConfigSnapshot } from '../config/snapshot.ts';
import type { ReadConfig } from './config-file.ts';
import { summary } from './config-commands.ts';
import { findingLines } from './findings.ts';

export interface ReloadOptions {
  file: string;
  first: { snapshot: ConfigSnapshot; read: ReadConfig };
  read: () => Promise<ReadConfig>;
  /** The key for a snapshot. Throws where it must not be used. */
  masterKeyFor: (snapshot: ConfigSnapshot) => Secret;
  apply: (next: { snapshot: ConfigSnapshot; masterKey: Secret }) => void;
  tell: (text: string) => void;
}

export interface Reloader {
  /** Reads the file again if its text has changed, or if `always`. A good one is live when this is over; a bad one is told and changes nothing (FP-37). */
  reload(always?: boolean): Promise<void>;
  /** What is to be watched. */
  files(): readonly string[];
}

export const createReloader = ({ file, first, read, masterKeyFor, apply, tell }: ReloadOptions): Reloader => {
  let { snapshot } = first;
  let { files, texts } = first.read;
  let running: Promise<void> = Promise.resolve();

  const once = async (always: boolean) => {
    const next = await read();
    if (!always && next.texts === texts) return;
    texts = next.texts;
    // A file that cannot be read says nothing of what it includes.
    files = next.loaded.ok ? next.files : [...new Set([...files, ...next.files])];
    if (!next.loaded.ok) {
      const { problems } = next.loaded;
      const count = `${problems.length} ${problems.length === 1 ? 'mistake' : 'mistakes'}`;
      tell(
        `${file} has ${count}; version ${snapshot.version} stays live:\n${problems.map((problem) => `  ${formatProblem(problem)}\n`).join('')}`,
      );
      return;
    }
    const before = snapshot;
    try {
      apply({ snapshot: next.loaded.snapshot, masterKey: masterKeyFor(next.loaded.snapshot) });
    } catch (error) {
      tell(`${file} is not taken, version ${snapshot.version} stays live: ${(error as Error).message}\n`);
      return;
    }
    snapshot = next.loaded.snapshot;
    tell(`${file} is live: version ${snapshot.version} (was ${before.version}), ${summary(snapshot)}${difference(before, snapshot)}\n`);
    for (const line of findingLines(snapshot)) tell(`  ${line}\n`);
  };

  return {
    // One after the other: a signal may come while the watcher reads.
    reload(always = false) {
      running = running.then(() => once(always));
      return running;
    },
    files: () => files,
  };
};

const difference = (before: ConfigSnapshot, after: ConfigSnapshot): string => {
  const names = ({ deployments }: ConfigSnapshot) => new Set(deployments.map((each) => each.modelName));
  const [old, now] = [names(before), names(after)];
  const added = [...now].filter((name) => !old.has(name));
  const removed = [...old].filter((name) => !now.has(name));
  return `${added.length > 0 ? ` New: ${some(added)}.` : ''}${removed.length > 0 ? ` Gone: ${some(removed)}.` : ''}`;
};

const some = (names: readonly string[]): string =>
  `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;

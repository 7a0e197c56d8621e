import { lstatSync, mkdirSync, mkdtempSync, readdirSync, renameSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Home } from './agents/agent.ts';

const entriesOf = (folder: string | undefined): string[] => {
  if (folder === undefined) return [];
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

const isLink = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;

/**
 * Makes an agent's home: the user's own folder seen through links, but for the files that are ours. It stays, so that what
 * the agent keeps there (sessions) is there the next time; nothing is written into the user's.
 * @param root undefined: there is no place that stays, and it is for this run
 * @returns what the variable is to say
 * @throws where it cannot be made
 */
export const makeAgentHome = ({ folder, from, files }: Home, root: string | undefined): string => {
  const home = root ?? mkdtempSync(join(tmpdir(), 'sluice-agent-'));
  const own = join(home, folder);
  mkdirSync(own, { recursive: true, mode: 0o700 });
  const theirs = new Set(entriesOf(from).filter((name) => !(name in files)));
  // A link to what is gone, or to what is ours now.
  for (const name of readdirSync(own)) if (!theirs.has(name) && isLink(join(own, name))) unlinkSync(join(own, name));
  for (const name of theirs) {
    const path = join(own, name);
    if (from !== undefined && lstatSync(path, { throwIfNoEntry: false }) === undefined) symlinkSync(join(from, name), path);
  }
  for (const [name, text] of Object.entries(files)) {
    // Another run may be reading it.
    const draft = join(own, `.${name}.${process.pid}`);
    writeFileSync(draft, text, { mode: 0o600 });
    renameSync(draft, join(own, name));
  }
  return home;
};

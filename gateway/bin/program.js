import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
/** The gateway in one piece, which loads in half the time (scripts/build-gateway.js); and as it is written. */
const bundle = here('../dist/main.js');
const source = here('../src/cli/main.ts');
/** What the bundle is made of. The SDK's is there in a checkout alone: as a package it does not change. */
const parts = [here('../src'), here('../../sdk/src')];

/** The file that is the gateway: the bundle, where nothing that it is made of has been edited since it was made. */
export const programFile = () => (isFresh(bundle, parts) ? bundle : source);

/**
 * Whether a file is at least as young as everything in some folders. A folder that is not there is not looked at; one
 * that lost a file is young itself.
 */
export const isFresh = (file, folders) => {
  const madeAt = timeOf(file);
  return madeAt !== undefined && folders.every((folder) => !hasYounger(folder, madeAt));
};

const hasYounger = (folder, than) => {
  const at = timeOf(folder);
  if (at === undefined) return false;
  if (at > than) return true;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory() ? hasYounger(path, than) : !entry.name.endsWith('.test.ts') && timeOf(path) > than) return true;
  }
  return false;
};

const timeOf = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs;

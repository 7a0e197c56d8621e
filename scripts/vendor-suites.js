// The sources of libraries, with the tests that their vendors ship in them; kept outside of the repository.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './bun-test.js';

const timeoutMs = 120_000;

/** The folder of one library's source, fetched if it is not there. @returns {Promise<string | undefined>} */
const sourceOf = async (python, name, version, noInstall) => {
  const path = join(tmpdir(), `sluice-test-suite-${name}-${version}`);
  if (existsSync(path)) return path;
  if (noInstall) return undefined;
  // Under another name until it is whole.
  const making = `${path}-${process.pid}`;
  mkdirSync(making);
  const said = [];
  const step = async (...args) => (await run(python, args, { env: process.env, timeoutMs, show: (data) => void said.push(data) })) === 0;
  const pip = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--no-binary=:all:'];
  // What builds it is in the environment, so that nothing more is fetched than the source.
  const fetched = await step(...pip, '--no-build-isolation', '-d', making, `${name}==${version}`);
  const archive = readdirSync(making).find((file) => file.endsWith('.tar.gz'));
  const made = fetched && archive !== undefined && (await step('-m', 'tarfile', '-e', join(making, archive), making));
  if (made) {
    try {
      renameSync(join(making, archive.slice(0, -'.tar.gz'.length)), path);
    } catch (error) {
      // Another run was faster.
      if (!existsSync(path)) throw error;
    }
  } else console.error(Buffer.concat(said).toString());
  rmSync(making, { recursive: true, force: true });
  return made ? path : undefined;
};

/**
 * @param {string} requirements a file that says which versions
 * @param {readonly string[]} names
 * @returns {Promise<Record<string, string> | undefined>} name -> folder; undefined where one cannot be had
 */
export const fetchSuites = async (python, requirements, names, { noInstall = false } = {}) => {
  const lines = readFileSync(requirements, 'utf8').split('\n');
  const versionOf = (name) => lines.find((line) => line.startsWith(`${name}==`)).slice(name.length + 2);
  const folders = await Promise.all(names.map((name) => sourceOf(python, name, versionOf(name), noInstall)));
  return folders.includes(undefined) ? undefined : Object.fromEntries(names.map((name, at) => [name, folders[at]]));
};

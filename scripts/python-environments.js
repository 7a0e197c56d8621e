// Python environments for tests: one for each folder with a `requirements.txt`, kept outside of the repository.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './bun-test.js';

const oldest = [3, 11];
const timeoutMs = 240_000;

/** A Python that is new enough and can make environments: its command and version. */
const findPython = () => {
  const check = `import sys, venv, ensurepip; assert sys.version_info >= (${oldest.join(', ')}); print(sys.version)`;
  for (const command of ['python3', 'python3.13', 'python3.12', 'python3.11', 'python']) {
    const { status, stdout } = spawnSync(command, ['-c', check], { encoding: 'utf8', timeout: 20_000 });
    if (status === 0) return { command, version: stdout };
  }
  return undefined;
};

const pythonIn = (path) => (process.platform === 'win32' ? join(path, 'Scripts', 'python.exe') : join(path, 'bin', 'python'));

/** The environment of these requirements, made if it is not there: its Python, or what went wrong. */
const makeOne = async (file, { command, version }, noInstall) => {
  const hash = createHash('sha256').update(readFileSync(file)).update(version).digest('hex').slice(0, 16);
  const path = join(tmpdir(), `sluice-test-python-${hash}`);
  if (existsSync(path)) return { python: pythonIn(path) };
  if (noInstall) return { problem: `there is no ${path}` };
  // Under another name until it is whole, so that one half made is never used.
  const making = `${path}-${process.pid}`;
  const said = [];
  const step = async (...line) => (await run(...line, { env: process.env, timeoutMs, show: (data) => void said.push(data) })) === 0;
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:', '--no-compile'];
  const made = (await step(command, ['-m', 'venv', making])) && (await step(pythonIn(making), [...pip, '-r', file]));
  try {
    if (made) renameSync(making, path);
  } catch (error) {
    // Another run was faster.
    if (!existsSync(path)) throw error;
  }
  rmSync(making, { recursive: true, force: true });
  if (made) return { python: pythonIn(path) };
  console.error(Buffer.concat(said).toString());
  return { problem: 'its packages could not be installed' };
};

/**
 * @param {string} folder whose folders with a `requirements.txt` each get one
 * @returns {Promise<{ problem?: string, pythons?: Record<string, string> }>} folder's name -> its Python
 */
export const makeEnvironments = async (folder, { noInstall = false } = {}) => {
  const python = findPython();
  if (!python) return { problem: `there is no Python ${oldest.join('.')} or later with venv` };
  const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'requirements.txt')));
  const made = await Promise.all(names.map((name) => makeOne(join(folder, name, 'requirements.txt'), python, noInstall)));
  const problem = made.find((each) => each.problem)?.problem;
  return problem ? { problem } : { pythons: Object.fromEntries(names.map((name, at) => [name, made[at].python])) };
};

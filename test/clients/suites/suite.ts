import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createLimit } from '../../kit/limit.ts';
import { key } from '../gateway.ts';
import type { Vendor } from './spec-mock.ts';
import { ownFolder } from '../../kit/own-folder.ts';

/** Each test's name, and what is wrong with it; null: it passed. */
export type Results = ReadonlyMap<string, string | null>;

interface Environment {
  python: string;
  sources: Record<Vendor, string>;
}

/** Where the suites are: scripts/test-clients.js fetches them and says where. */
const environment = JSON.parse(process.env['SLUICE_TEST_SUITES'] ?? 'null') as Environment | null;

export const suitesMissing = (): string | undefined =>
  environment ? undefined : 'the suites are not there: run them by `npm run test:clients -- --only suites`';

/** They take a core each. */
const limit = createLimit(2);

export const suiteTimeoutMs = 600_000;

/**
 * Runs a vendor's tests of its API's resources.
 * @param url of the server that they ask
 * @param only parts of the suite
 */
export const runSuite = (vendor: Vendor, url: string, only: readonly string[] = ['']): Promise<Results> =>
  limit(async () => {
    const { python, sources } = environment!;
    const folder = ownFolder('suite');
    const results = join(folder, 'results.json');
    const plugins = join(import.meta.dir, 'pytest');
    const options = ['-q', '-c', join(plugins, 'pytest.ini'), '--rootdir=.', '--tb=no', '--show-capture=no', '-p', 'no:cacheprovider'];
    const child = Bun.spawn(
      [python, '-m', 'pytest', '-p', 'suite_results', ...options, ...only.map((part) => `tests/api_resources/${part}`)],
      {
        cwd: sources[vendor],
        env: {
          PATH: process.env['PATH'],
          HOME: folder,
          PYTHONUTF8: '1',
          PYTHONPATH: plugins,
          PYTHONPYCACHEPREFIX: join(sources[vendor], '.pycache'),
          TEST_API_BASE_URL: url,
          SUITE_KEY: key,
          SUITE_RESULTS: results,
        },
        stdout: 'pipe',
        stderr: 'inherit',
        timeout: suiteTimeoutMs,
      },
    );
    try {
      const output = await new Response(child.stdout).text();
      const status = await child.exited;
      // 1: some tests failed.
      if (status > 1) throw new Error(`the suite ended with ${status}:\n${output.slice(-2000)}`);
      return new Map(Object.entries(JSON.parse(readFileSync(results, 'utf8')) as Record<string, string | null>));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

const passed = (results: Results): number => [...results.values()].filter((problem) => problem === null).length;

/** A kind of test that fails in front of the gateway alone, and why it may. */
export interface Known {
  tests: RegExp;
  problem: RegExp;
  why: string;
}

export interface Comparison {
  /** How many passed straight. */
  straight: number;
  /** How many of those in front of the gateway. */
  through: number;
  /** Tests that pass straight and not in front of the gateway, other than those that are known. */
  worse: string[];
  /** Known differences that there are none of. */
  unused: string[];
}

/** @param through may have been run in part */
export const compare = (straight: Results, through: Results, known: readonly Known[] = []): Comparison => {
  const unused = new Set(known);
  const worse: string[] = [];
  let both = 0;
  let asked = 0;
  for (const [name, problem] of through) {
    if (straight.get(name) !== null) continue;
    asked++;
    if (problem === null) {
      both++;
      continue;
    }
    const found = known.find((each) => each.tests.test(name) && each.problem.test(problem));
    if (found) unused.delete(found);
    else worse.push(`${name}: ${problem.slice(0, 300)}`);
  }
  return { straight: asked, through: both, worse, unused: [...unused].map(({ why }) => why) };
};

/** One line for the report. */
export const figures = (name: string, { straight, through }: Comparison, all: Results): string =>
  `${name}: ${all.size} tests, ${straight} pass straight, ${through} of them through the gateway (${passed(all)} in all)`;

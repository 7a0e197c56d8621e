// Runs one program against the SDK as it is published, on every runtime that it is meant for: installs the runtimes in
// test/runtimes, builds and packs the SDK, and puts it into a folder of its own. `--no-install`: they are there already.
// Ends with one line `N passed, M failed`.
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBun } from '../gateway/bin/find-bun.js';
import { startUpstream } from '../test/runtimes/upstream.js';
import { finish, install, npm, root, run, summary } from './bun-test.js';

const folder = join(root, 'test', 'runtimes');
const sdk = join(root, 'sdk');
/** Far above what is measured, for slow and busy machines; the bound itself is the bench's. */
const importLimitMs = 500;

const counts = { passed: 0, failed: 0, skipped: 0 };
const check = (name, problems) => {
  const good = problems.length === 0;
  counts[good ? 'passed' : 'failed']++;
  console.log([`${good ? '(pass)' : '(fail)'} ${name}`, ...problems].join('\n'));
};

/** Runs a command for at most a minute and gives what it said. */
const capture = async (command, args, options = {}) => {
  let output = '';
  const status = await run(command, args, { timeoutMs: 60_000, ...options, show: (data) => void (output += data) });
  return { status, output };
};

/** The SDK as npm would publish it, in the `node_modules` of a program. */
const publish = async (program) => {
  const { status, output } = await capture(npm, ['pack', '--json', '--ignore-scripts', '--pack-destination', program], { cwd: sdk });
  const packed = readdirSync(program).find((name) => name.endsWith('.tgz'));
  if (status !== 0 || !packed) throw new Error(`the SDK cannot be packed:\n${output}`);
  await capture('tar', ['-xzf', packed], { cwd: program });
  const installed = join(program, 'node_modules', 'sluice');
  mkdirSync(join(program, 'node_modules'));
  renameSync(join(program, 'package'), installed);
  writeFileSync(join(program, 'package.json'), '{ "type": "module", "private": true, "dependencies": { "sluice": "*" } }\n');
  return installed;
};

const checkPackage = (installed) => {
  const description = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  const unwanted = ['dependencies', 'optionalDependencies', 'bundledDependencies', 'scripts'];
  // What a program may bring for exact counts of tokens is never installed by itself.
  const demanded = Object.keys(description.peerDependencies ?? {}).filter((name) => !description.peerDependenciesMeta?.[name]?.optional);
  check('the package has no dependencies and runs nothing when it is installed', [
    ...unwanted.filter((name) => description[name] !== undefined).map((name) => `it has ${name}`),
    ...demanded.map((name) => `it demands ${name}`),
  ]);
  const files = readdirSync(installed, { recursive: true }).map(String);
  check(
    'tests are not published',
    files.filter((file) => /\.test\.|fixtures/.test(file)),
  );
  const exports = Object.values(description.exports).flatMap((entry) => (typeof entry === 'string' ? [entry] : Object.values(entry)));
  check(
    'everything exported is there',
    exports.filter((path) => !files.includes(path.slice(2))).map((path) => `${path} is missing`),
  );
  const imports = files
    .filter((file) => file.endsWith('.js'))
    .flatMap((file) => [
      ...readFileSync(join(installed, file), 'utf8').matchAll(/(?:^|[;\s}])(?:import|export)(?=[\s{*"'])[^'"`;]*?["']([^'"]+)["']/g),
    ])
    .map(([, target]) => target);
  check(
    'its files import only one another',
    imports.length === 0 ? ['no import was found'] : imports.filter((target) => !target.startsWith('./')),
  );
};

/** Compiles a program of a user's own. `exactOptionalPropertyTypes` and the like are whatever the user has; the strictest must work. */
const checkTypes = async (program) => {
  copyFileSync(join(folder, 'consumer.ts'), join(program, 'consumer.ts'));
  for (const [module, moduleResolution] of [
    ['NodeNext', 'NodeNext'],
    ['ESNext', 'Bundler'],
  ]) {
    const compilerOptions = { module, moduleResolution, strict: true, noEmit: true, target: 'ES2022', lib: ['ES2024', 'DOM'], types: [] };
    writeFileSync(join(program, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }));
    const { status, output } = await capture(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', program]);
    check(`types resolve (${moduleResolution})`, status === 0 ? [] : [output]);
  }
};

const runtimes = () => {
  const node = (major) => [`Node ${major}`, join(folder, 'node_modules', `node${major}`, 'bin', 'node'), []];
  const bun = findBun();
  return [
    [`Node ${process.versions.node} (this one)`, process.execPath, []],
    ...[22, 24, 26].map(node),
    ['Bun', bun.path, ['--no-install']],
    [
      'Deno',
      join(folder, 'node_modules', '.bin', 'deno'),
      ['run', '--no-remote', '--node-modules-dir=manual', '--allow-net', '--allow-env', '--allow-read'],
    ],
  ];
};

const checkProgram = async ([name, path, args], program, upstream) => {
  const env = {
    PATH: process.env.PATH,
    HOME: program,
    OPENAI_API_KEY: 'sk-of-the-environment',
    OPENAI_BASE_URL: `${upstream.url}/v1`,
    ANTHROPIC_API_KEY: 'sk-ant',
    ANTHROPIC_BASE_URL: upstream.url,
    NO_COLOR: '1',
  };
  const { output } = await capture(path, [...args, 'program.mjs', upstream.url], { cwd: program, env });
  const lines = output.split('\n').filter((line) => line.startsWith('{"name"'));
  for (const { name: what, passed, problem } of lines.map((line) => JSON.parse(line))) check(`${name}: ${what}`, passed ? [] : [problem]);
  const all = [...readFileSync(join(program, 'program.mjs'), 'utf8').matchAll(/^ {2}async /gm)].length;
  if (lines.length !== all) check(`${name}: every check ran`, [`${lines.length} of ${all}:\n${output}`]);
};

/** How long `import` takes, the median of several processes. Milliseconds. */
const checkImport = async ([name, path, args], program) => {
  const times = [];
  for (let run = 0; run < 7; run++) {
    const { output } = await capture(path, [...args, 'import.mjs'], { cwd: program });
    times.push(Number(output.trim()));
  }
  const median = times.sort((a, b) => a - b)[3];
  check(`${name}: import takes ${median.toFixed(1)} ms`, median < importLimitMs ? [] : [`more than ${importLimitMs} ms`]);
};

/** Edge runtimes have neither `process` nor `Buffer`. */
const checkWebOnly = async (program) => {
  // Node's own fetch needs them when it is loaded.
  const text = `await fetch('data:,loaded');
delete globalThis.process;
delete globalThis.Buffer;
const { completion } = await import('sluice');
const answer = await completion({ model: 'mock/echo', messages: [{ role: 'user', content: 'Hello' }] });
console.log(answer.choices[0].message.content);`;
  writeFileSync(join(program, 'web-only.mjs'), text);
  const { output } = await capture(process.execPath, ['web-only.mjs'], { cwd: program });
  check('web standards are enough', output === 'Hello\n' ? [] : [output]);
};

const program = mkdtempSync(join(tmpdir(), 'sluice-runtimes-'));
const upstream = await startUpstream();
try {
  if (!process.argv.includes('--no-install') && !(await install(folder))) check('the runtimes are installed', ['npm ci failed']);
  const built = await capture(process.execPath, [join(root, 'scripts', 'build-sdk.js')]);
  check('the SDK builds', built.status === 0 ? [] : [built.output]);
  checkPackage(await publish(program));
  await checkTypes(program);
  copyFileSync(join(folder, 'program.mjs'), join(program, 'program.mjs'));
  writeFileSync(
    join(program, 'import.mjs'),
    "const start = performance.now();\nawait import('sluice');\nconsole.log(performance.now() - start);\n",
  );
  await checkWebOnly(program);
  for (const runtime of runtimes()) {
    await checkProgram(runtime, program, upstream);
    await checkImport(runtime, program);
  }
} catch (error) {
  check('the run itself', [String(error?.stack ?? error)]);
} finally {
  upstream.stop();
  rmSync(program, { recursive: true, force: true });
}
console.log(summary(counts));
finish(counts.failed === 0 ? 0 : 1);
